import Typography from '@mui/material/Typography'
import type { Metrics } from '@/contracts/admin'
import { Facts } from './Facts'
import { count } from './format'
import { Panel } from './Panel'

/** Who is here, and how many connections have fallen silent. */
export function PresenceStats({ totals: { presence } }: { totals: Metrics }) {
  const share = (amount: number) => (presence.online === 0 ? 0 : amount / presence.online)
  const active = Math.max(0, presence.online - presence.away)
  return (
    <Panel title="Presence" aside={`${count(presence.online)} online`}>
      <Facts
        facts={[
          { label: 'Online', measure: count(presence.online) },
          { label: 'At the page', measure: count(active), share: share(active) },
          { label: 'Away', hint: 'hidden or idle', measure: count(presence.away), share: share(presence.away) },
          { label: 'Stale clients', hint: 'connections', measure: count(presence.stale_clients) },
        ]}
      />
      <Typography variant="caption" sx={{ color: 'text.secondary', mt: 0.5 }}>
        A stale client has sent no heartbeat for a minute.
      </Typography>
    </Panel>
  )
}
