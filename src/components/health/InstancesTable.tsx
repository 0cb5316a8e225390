import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import type { Instance } from '@/contracts/admin'
import { bytes, count, duration, inWords, milliseconds, perSecond } from './format'
import { LevelIcon } from './levels'
import { Panel } from './Panel'
import type { Level } from './thresholds'

const statuses: Record<Instance['status'], { level: Level; word: string }> = {
  ok: { level: 'well', word: 'OK' },
  degraded: { level: 'watch', word: 'Degraded' },
  draining: { level: 'watch', word: 'Shutting down' },
  silent: { level: 'broken', word: 'Silent' },
}

const columns = [
  'Instance',
  'Status',
  'Serves',
  'Connections',
  'Events',
  'Command time',
  'Event loop',
  'Memory',
  'Up for',
]

interface Props {
  instances: readonly Instance[]
  /** The instance that this page is connected to; undefined while it has no live connection. */
  answeredBy: string | undefined
  /** When the figures were taken, ISO 8601. */
  at: string
}

/** Every socket process there is, and the one that answers this page. */
export function InstancesTable({ instances, answeredBy, at }: Props) {
  const now = Date.parse(at)
  return (
    <Panel title="Instances" aside={count(instances.length)}>
      {/* Reachable by keyboard, as it may have to be scrolled sideways. */}
      <Box
        role="group"
        aria-label="Table of instances"
        tabIndex={0}
        sx={{ overflowX: 'auto', mx: { xs: -2, md: -2.5 }, px: { xs: 2, md: 2.5 } }}
      >
        <Box
          component="table"
          sx={{
            width: '100%',
            borderCollapse: 'collapse',
            fontSize: '0.875rem',
            fontVariantNumeric: 'tabular-nums',
            '& th, & td': { textAlign: 'left', py: 1, pr: 2.5, whiteSpace: 'nowrap' },
            '& thead th': { color: 'text.secondary', fontWeight: 500, fontSize: '0.8125rem', pt: 0 },
            '& tbody tr': { borderTop: '1px solid', borderColor: 'divider' },
            '& :is(th, td):nth-child(n + 4)': { textAlign: 'right' },
            '& :is(th, td):last-child': { pr: 0 },
          }}
        >
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <InstanceRow key={instance.id} instance={instance} answers={instance.id === answeredBy} now={now} />
            ))}
          </tbody>
        </Box>
      </Box>
    </Panel>
  )
}

function InstanceRow({ instance, answers, now }: { instance: Instance; answers: boolean; now: number }) {
  const { id, status, namespaces, at, metrics } = instance
  const { level, word } = statuses[status]
  return (
    <tr>
      <Box component="th" scope="row" sx={{ fontWeight: 560 }}>
        {id}
        {answers && <Chip label="This page" size="small" variant="outlined" sx={{ ml: 1, height: 20 }} />}
      </Box>
      <td>
        <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
          <LevelIcon level={level} sx={{ fontSize: 16 }} />
          {word}
          {status === 'silent' && (
            <Box component="span" sx={{ color: 'text.secondary' }}>
              for {duration((now - Date.parse(at)) / 1_000)}
            </Box>
          )}
        </Box>
      </td>
      <td>{namespaces.join(' ')}</td>
      <td>{count(metrics.connections.total)}</td>
      <td>{inWords(perSecond(metrics.events.throughput['1m']))}</td>
      <td>{inWords(milliseconds(metrics.events.latency.avg))}</td>
      <td>{inWords(milliseconds(metrics.server.event_loop_delay))}</td>
      <td>{inWords(bytes(metrics.server.memory.rss))}</td>
      <td>{duration(metrics.server.uptime)}</td>
    </tr>
  )
}
