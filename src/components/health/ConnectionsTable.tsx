import Box from '@mui/material/Box'
import useMediaQuery from '@mui/material/useMediaQuery'
import { memo, useCallback, useMemo, useState } from 'react'
import type { HealthActions } from '@/client/health/view'
import { type ConnectionInfo, connectionSorts } from '@/contracts/admin'
import { useMay } from '@/hooks/useMay'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { connectionColumns } from './connectionColumns'
import { DisconnectDialog } from './DisconnectDialog'
import { ServerGrid } from './ServerGrid'
import type { PageRequest } from './useCursorPages'

type Sort = (typeof connectionSorts)[number] | `-${(typeof connectionSorts)[number]}`

const sorts: readonly Sort[] = connectionSorts.flatMap((field): Sort[] => [field, `-${field}`])
const onPhones = {
  namespace: false,
  instance: false,
  transport: false,
  connectedAt: false,
  lastPingAt: false,
  state: false,
}
const everything = {}
const getRowId = ({ id }: ConnectionInfo) => id

interface Props {
  actions: HealthActions | null
}

/** The sockets of all connections, one a namespace; the connection that carries one can be ended here. */
export const ConnectionsTable = memo(function ConnectionsTable({ actions }: Props) {
  const isPhone = useMediaQuery('(max-width: 799px)')
  const [asked, setAsked] = useState<ConnectionInfo>()
  const [said, setSaid] = useState('')
  const [ended, setEnded] = useState<readonly string[]>([])

  const load = useMemo(
    () =>
      actions &&
      (async (request: PageRequest<Sort>) => {
        const { connections, ...page } = await actions.connections(request)
        const rows = connections.filter(({ id }) => !ended.includes(id))
        return { ...page, rows, total: Math.max(0, page.total - (connections.length - rows.length)) }
      }),
    [actions, ended],
  )
  const mayDisconnect = useMay('admin:manage-connections')
  const columns = useMemo(
    () => connectionColumns({ isPhone, onDisconnect: mayDisconnect ? setAsked : undefined }),
    [isPhone, mayDisconnect],
  )
  const close = useCallback(() => setAsked(undefined), [])
  const disconnected = useCallback((connection: ConnectionInfo, sentence: string) => {
    setAsked(undefined)
    setSaid(sentence)
    // Gone at once, also from an answer that was on its way; loads anew, too.
    setEnded((ids) => [...ids, connection.id].slice(-200))
  }, [])

  return (
    <Box>
      <ServerGrid<ConnectionInfo, Sort>
        title="Open connections"
        name={`connections ${ended.at(-1)}`}
        searchLabel="Search name or id"
        empty="Nobody is connected."
        columns={columns}
        hidden={isPhone ? onPhones : everything}
        getRowId={getRowId}
        rowHeight={isPhone ? 68 : 48}
        load={load}
        sorts={sorts}
        firstSort="-connectedAt"
      />
      <DisconnectDialog connection={asked} actions={actions} onClose={close} onDone={disconnected} />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </Box>
  )
})
