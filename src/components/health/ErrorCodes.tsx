import Typography from '@mui/material/Typography'
import type { Metrics } from '@/contracts/admin'
import { Facts } from './Facts'
import { count } from './format'
import { Panel } from './Panel'

/** With which codes commands were answered and handshakes refused since the start. */
export function ErrorCodes({ totals: { events } }: { totals: Metrics }) {
  const { by_code, count: total } = events.errors
  const codes = Object.entries(by_code).toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b))
  return (
    <Panel title="Errors since the start" aside={count(total)}>
      {codes.length === 0 ? (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Every command succeeded, and nobody was refused.
        </Typography>
      ) : (
        <Facts
          facts={codes.map(([code, amount]) => ({
            label: code,
            measure: count(amount),
            share: total === 0 ? 0 : amount / total,
          }))}
        />
      )}
    </Panel>
  )
}
