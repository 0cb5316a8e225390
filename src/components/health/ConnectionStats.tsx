import type { Metrics } from '@/contracts/admin'
import { Facts } from './Facts'
import { count, perMinute } from './format'
import { Panel } from './Panel'

/** Connections now, by namespace, and how they come and go. */
export function ConnectionStats({ totals: { connections, disconnections } }: { totals: Metrics }) {
  const share = (amount: number) => (connections.total === 0 ? 0 : amount / connections.total)
  return (
    <Panel title="Connections" aside={`${count(connections.total)} open`}>
      <Facts
        facts={[
          { label: 'Chat', hint: '/chat', measure: count(connections.chat), share: share(connections.chat) },
          {
            label: 'Notifications',
            hint: '/notifications',
            measure: count(connections.notifications),
            share: share(connections.notifications),
          },
          { label: 'Admin', hint: '/admin', measure: count(connections.admin), share: share(connections.admin) },
          { label: 'New', hint: 'last minute', measure: perMinute(connections.rate['1m']) },
          { label: 'Ended', hint: 'last minute', measure: perMinute(disconnections.rate['1m']) },
        ]}
      />
    </Panel>
  )
}
