import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Metrics } from '@/contracts/admin'
import { Facts } from './Facts'
import { count, inWords, milliseconds } from './format'
import { Panel } from './Panel'

const shownFirst = 8

/** What was received and sent since the start: how many of each event, and how long each command took on average. */
export function EventTypes({ totals: { events } }: { totals: Metrics }) {
  const [all, setAll] = useState(false)
  const types = Object.entries(events.by_type).toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b))
  const most = types[0]?.[1] ?? 0
  const shown = all ? types : types.slice(0, shownFirst)
  return (
    <Panel title="Events since the start" aside={`${count(types.length)} types`}>
      <Facts
        facts={[
          { label: 'Received', measure: count(events.inbound.count) },
          { label: 'Sent', measure: count(events.outbound.count) },
          ...shown.map(([name, amount]) => ({
            label: name,
            ...hintOf(events.latency.by_type[name]),
            measure: count(amount),
            share: most === 0 ? 0 : amount / most,
          })),
        ]}
      />
      {types.length > shownFirst && (
        <Button
          size="small"
          onClick={() => setAll(!all)}
          aria-expanded={all}
          sx={{ alignSelf: 'start', mt: 1, ml: -0.5 }}
        >
          {all ? 'Show fewer' : `Show all ${types.length}`}
        </Button>
      )}
    </Panel>
  )
}

/** Only commands are answered. */
const hintOf = (time: { avg: number } | undefined) =>
  time === undefined ? {} : { hint: `answered in ${inWords(milliseconds(time.avg))}` }
