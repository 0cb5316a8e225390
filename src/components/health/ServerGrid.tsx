import Refresh from '@mui/icons-material/RefreshRounded'
import Search from '@mui/icons-material/SearchRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import {
  DataGrid,
  type GridColDef,
  type GridPaginationModel,
  type GridSortDirection,
  type GridSortModel,
  type GridValidRowModel,
} from '@mui/x-data-grid'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSettled } from '@/hooks/useAnswer'
import { pageNonce } from '@/theme/pageNonce'
import { Tooltip } from '../ui/Tooltip'
import { count } from './format'
import { gridLook } from './gridLook'
import { Panel } from './Panel'
import { type LoadPage, useCursorPages } from './useCursorPages'

interface Props<Row extends GridValidRowModel, Sort extends string> {
  title: string
  /** Which list it is; another name loads anew. */
  name: string
  /** What is searched for, as the field's label. */
  searchLabel: string
  empty: string
  columns: readonly GridColDef<Row>[]
  /** Columns that a phone has no room for. */
  hidden: Record<string, boolean>
  getRowId: (row: Row) => string
  rowHeight: number
  load: LoadPage<Row, Sort> | null
  sorts: readonly Sort[]
  firstSort: Sort
}

const searchAfterMs = 300
const headerHeight = 44
const footerHeight = 54
const mostHeight = 560
const pageSizes = [25, 50, 100]
const sortingOrder: GridSortDirection[] = ['asc', 'desc']
const none: never[] = []
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** A list of any length: the server searches, sorts and pages, and only what is in sight is on the page. */
export function ServerGrid<Row extends GridValidRowModel, Sort extends string>(props: Props<Row, Sort>) {
  const { title, name, searchLabel, empty, columns, hidden, getRowId, rowHeight, load, sorts, firstSort } = props
  const list = useCursorPages(name, load, { sort: firstSort, pageSize: pageSizes[0] ?? 25 })
  const { loaded, problem, busy, change, turnTo, refresh, query } = list
  const [typed, setTyped] = useState('')

  const wanted = useSettled(typed.trim(), searchAfterMs)
  useEffect(() => {
    if (wanted !== query) change({ query: wanted })
  }, [wanted, query, change])

  const rows = loaded?.rows ?? none
  const { page, pageSize, sort } = list
  const hasNextPage = loaded?.nextCursor != null
  // Props that keep their identity: a look at the same list again then renders nothing.
  const models = useMemo(() => {
    const descends = sort.startsWith('-')
    const direction: GridSortDirection = descends ? 'desc' : 'asc'
    const nonce = pageNonce()
    return {
      ...(nonce === undefined ? {} : { nonce }),
      paginationModel: { page, pageSize },
      paginationMeta: { hasNextPage },
      sortModel: [{ field: descends ? sort.slice(1) : sort, sort: direction }],
      localeText: { noRowsLabel: query === '' ? empty : `Nothing matches “${query}”.` },
    }
  }, [page, pageSize, hasNextPage, sort, query, empty])
  const onPage = useCallback(
    (wanted: GridPaginationModel) => {
      if (wanted.pageSize !== pageSize) change({ pageSize: wanted.pageSize })
      else turnTo(wanted.page)
    },
    [pageSize, change, turnTo],
  )
  const onSort = useCallback(
    ([first]: GridSortModel) => {
      const wanted = first?.sort === 'desc' ? `-${first.field}` : first?.field
      const known = sorts.find((one) => one === wanted)
      if (known !== undefined) change({ sort: known })
    },
    [sorts, change],
  )
  const height = Math.min(mostHeight, headerHeight + footerHeight + Math.max(3, rows.length) * rowHeight + 2)

  return (
    <Panel
      title={title}
      aside={loaded && `${count(loaded.total)}${query === '' ? '' : ' found'}, as of ${clock.format(loaded.at)}`}
    >
      <Box sx={{ display: 'flex', gap: 1, mb: 1.5, alignItems: 'center' }}>
        <TextField
          size="small"
          placeholder={searchLabel}
          value={typed}
          onChange={(event) => setTyped(event.target.value.slice(0, 120))}
          slotProps={{
            htmlInput: { 'aria-label': searchLabel },
            input: {
              startAdornment: (
                <InputAdornment position="start">
                  <Search fontSize="small" />
                </InputAdornment>
              ),
            },
          }}
          sx={{ flex: 1, maxWidth: 380 }}
        />
        <Tooltip title="Refresh">
          <IconButton aria-label={`Refresh ${title.toLowerCase()}`} onClick={refresh} sx={{ ml: 'auto' }}>
            <Refresh />
          </IconButton>
        </Tooltip>
      </Box>
      {problem && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {problem} {loaded ? 'This is the list as it was last seen.' : ''}
        </Alert>
      )}
      {loaded && loaded.silent.length > 0 && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {loaded.silent.join(', ')} did not answer in time; what is there is missing here.
        </Alert>
      )}
      <Box sx={{ height }}>
        <DataGrid
          aria-label={title}
          rows={rows}
          columns={columns}
          getRowId={getRowId}
          rowHeight={rowHeight}
          columnHeaderHeight={headerHeight}
          columnVisibilityModel={hidden}
          loading={busy || (loaded === undefined && problem === undefined)}
          rowCount={loaded?.total ?? 0}
          paginationMode="server"
          pageSizeOptions={pageSizes}
          onPaginationModelChange={onPage}
          sortingMode="server"
          sortingOrder={sortingOrder}
          onSortModelChange={onSort}
          {...models}
          filterMode="server"
          disableColumnFilter
          disableColumnMenu
          disableColumnSelector
          disableRowSelectionOnClick
          sx={gridLook}
        />
      </Box>
    </Panel>
  )
}
