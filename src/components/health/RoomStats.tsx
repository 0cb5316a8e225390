import Typography from '@mui/material/Typography'
import type { Metrics } from '@/contracts/admin'
import { Facts } from './Facts'
import { average, count } from './format'
import { Panel } from './Panel'

const prefixes = [
  { prefix: 'room', label: 'Conversations' },
  { prefix: 'user', label: 'People' },
  { prefix: 'session', label: 'Sessions' },
] as const

/** Socket.IO rooms by what they are for, and how large they are. A room counts on every process that has some of it. */
export function RoomStats({ totals: { rooms }, processes }: { totals: Metrics; processes: number }) {
  return (
    <Panel title="Rooms" aside={`${count(rooms.total)} ${processes > 1 ? 'on all processes' : 'active'}`}>
      <Facts
        facts={[
          ...prefixes.map(({ prefix, label }) => ({
            label,
            hint: `${prefix}:`,
            measure: count(rooms.by_prefix[prefix]),
            share: rooms.total === 0 ? 0 : rooms.by_prefix[prefix] / rooms.total,
          })),
          { label: 'Average size', hint: 'sockets', measure: average(rooms.avg_size) },
          { label: 'Largest', hint: 'sockets', measure: count(rooms.largest?.size ?? 0) },
        ]}
      />
      {rooms.largest && (
        <Typography variant="caption" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {rooms.largest.name}
        </Typography>
      )}
    </Panel>
  )
}
