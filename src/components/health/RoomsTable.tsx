import useMediaQuery from '@mui/material/useMediaQuery'
import type { GridColDef } from '@mui/x-data-grid'
import { memo, useMemo } from 'react'
import type { HealthActions } from '@/client/health/view'
import { type RoomInfo, roomSorts } from '@/contracts/admin'
import { count } from './format'
import { ServerGrid } from './ServerGrid'
import type { PageRequest } from './useCursorPages'

type Sort = (typeof roomSorts)[number] | `-${(typeof roomSorts)[number]}`

const sorts: readonly Sort[] = roomSorts.flatMap((field): Sort[] => [field, `-${field}`])
const purposes: Record<RoomInfo['prefix'], string> = {
  room: 'Conversation',
  user: 'Person',
  topic: 'Topic',
  session: 'Session',
}
const columns: GridColDef<RoomInfo>[] = [
  { field: 'name', headerName: 'Room', flex: 2, minWidth: 130 },
  {
    field: 'prefix',
    headerName: 'For',
    width: 130,
    sortable: false,
    valueFormatter: (prefix: RoomInfo['prefix']) => purposes[prefix],
  },
  { field: 'namespace', headerName: 'Namespace', width: 130, sortable: false },
  {
    field: 'size',
    headerName: 'Sockets',
    width: 116,
    align: 'right',
    headerAlign: 'right',
    sortingOrder: ['desc', 'asc'],
    valueFormatter: (size: number) => count(size),
  },
]
const onPhones = { prefix: false, namespace: false }
const everything = {}
const getRowId = ({ namespace, name }: RoomInfo) => `${namespace} ${name}`

/** Every Socket.IO room with somebody in it, largest first. */
export const RoomsTable = memo(function RoomsTable({ actions }: { actions: HealthActions | null }) {
  const isPhone = useMediaQuery('(max-width: 799px)')
  const load = useMemo(
    () =>
      actions &&
      (async (request: PageRequest<Sort>) => {
        const { rooms, ...page } = await actions.rooms(request)
        return { ...page, rows: rooms }
      }),
    [actions],
  )
  return (
    <ServerGrid<RoomInfo, Sort>
      title="Rooms in use"
      name="rooms"
      searchLabel="Search room"
      empty="No room has anybody in it."
      columns={columns}
      hidden={isPhone ? onPhones : everything}
      getRowId={getRowId}
      rowHeight={44}
      load={load}
      sorts={sorts}
      firstSort="-size"
    />
  )
})
