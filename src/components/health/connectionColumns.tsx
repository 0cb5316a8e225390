import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { GridColDef } from '@mui/x-data-grid'
import type { ConnectionInfo } from '@/contracts/admin'
import { formatMoment, formatTime } from '../ui/clock'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { LevelIcon } from './levels'

/** With seconds: a heartbeat comes every 25 s. A time of day stays true while nobody draws it again. */
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

interface Options {
  isPhone: boolean
  /** Undefined: this person may not. */
  onDisconnect: ((connection: ConnectionInfo) => void) | undefined
}

const stateOf = ({ stale, away }: ConnectionInfo) => (stale ? 'Stale' : away ? 'Away' : 'Active')

/** The columns of the connections; on a phone the first one says most of it. */
export const connectionColumns = ({ isPhone, onDisconnect }: Options): GridColDef<ConnectionInfo>[] => [
  {
    field: 'userName',
    headerName: 'Person',
    flex: 1.6,
    minWidth: isPhone ? 120 : 150,
    renderCell: ({ row }) => <Person connection={row} isPhone={isPhone} />,
  },
  { field: 'namespace', headerName: 'Namespace', flex: 1, minWidth: 115 },
  { field: 'instance', headerName: 'Instance', flex: 1.5, minWidth: 140 },
  { field: 'transport', headerName: 'Transport', width: 110, sortable: false },
  {
    field: 'connectedAt',
    headerName: 'Connected',
    width: 122,
    renderCell: ({ row }) => {
      const at = new Date(row.connectedAt)
      return (
        <time dateTime={row.connectedAt} title={formatMoment(at)}>
          {formatTime(at)}
        </time>
      )
    },
  },
  {
    field: 'lastPingAt',
    headerName: 'Heartbeat',
    width: 128,
    renderCell: ({ row }) => (row.lastPingAt === null ? 'None yet' : clock.format(new Date(row.lastPingAt))),
  },
  {
    field: 'state',
    headerName: 'State',
    width: 95,
    sortable: false,
    renderCell: ({ row }) => <State connection={row} />,
  },
  ...(onDisconnect ? [disconnectColumn(onDisconnect)] : []),
]

const disconnectColumn = (onDisconnect: (connection: ConnectionInfo) => void): GridColDef<ConnectionInfo> => ({
  field: 'disconnect',
  headerName: 'Action',
  width: 112,
  sortable: false,
  align: 'right',
  headerAlign: 'right',
  renderCell: ({ row, tabIndex }) => (
    <Button size="small" color="error" tabIndex={tabIndex} onClick={() => onDisconnect(row)}>
      Disconnect
      <VisuallyHidden>
        {' '}
        {row.userName}, the whole connection of {row.namespace}
      </VisuallyHidden>
    </Button>
  ),
})

function State({ connection }: { connection: ConnectionInfo }) {
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}>
      {connection.stale && <LevelIcon level="watch" sx={{ fontSize: 16 }} />}
      {stateOf(connection)}
    </Box>
  )
}

function Person({ connection, isPhone }: { connection: ConnectionInfo; isPhone: boolean }) {
  const { userName, role, namespace, instance } = connection
  return (
    <Box sx={{ minWidth: 0, lineHeight: 1.3 }}>
      <Typography variant="body2" noWrap sx={{ fontWeight: 560 }} title={userName}>
        {userName}
        {role === 'admin' && (
          <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450 }}>
            {' '}
            · admin
          </Box>
        )}
      </Typography>
      {isPhone && (
        <Typography variant="caption" component="p" noWrap sx={{ color: 'text.secondary' }}>
          {namespace} · {stateOf(connection)}
          <br />
          {instance}
        </Typography>
      )}
    </Box>
  )
}
