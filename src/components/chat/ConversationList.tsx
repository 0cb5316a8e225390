'use client'

import AddRounded from '@mui/icons-material/AddRounded'
import SearchRounded from '@mui/icons-material/SearchRounded'
import WavingHandOutlined from '@mui/icons-material/WavingHandOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import Typography from '@mui/material/Typography'
import { type KeyboardEvent, useEffect, useState } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import type { Room } from '@/contracts/chat'
import { LateAlert } from '../ui/LateAlert'
import { StatePanel } from '../ui/StatePanel'
import { Tooltip } from '../ui/Tooltip'
import { useAttempt } from '../ui/useAttempt'
import { useEqualRows } from '../ui/useEqualRows'
import { useHydrated } from '../ui/useHydrated'
import { useNow } from '../ui/useNow'
import { ConversationRow } from './ConversationRow'
import { ConversationListSkeleton } from './skeletons'
import { useNamedRooms } from './useNamedRooms'

interface Props {
  list: ConversationListView & ConversationListActions
  myId: string
  openRoomId: string | undefined
  onOpen: (roomId: string) => void
  /** Looks for somebody of that name to write to. Undefined: this person may not begin any. */
  onNew: ((name?: string) => void) | undefined
  /** Looks through the messages of all conversations. */
  onSearch: () => void
}

export function ConversationList({ list, myId, openRoomId, onOpen, onNew, onSearch }: Props) {
  const { status, error, rooms, hasMore, waiting } = list
  const { attempt: reload } = useAttempt(list.reload)
  const [filter, setFilter] = useState('')
  const { named: shown, isLooking, loadMore, failed: loadMoreFailed } = useNamedRooms(list, filter, 12)
  const isNobodyFound = status === 'ready' && rooms.length > 0 && shown.length === 0 && !isLooking
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isNobodyFound && event.key === 'Enter' && event.target instanceof HTMLInputElement) onNew?.(filter.trim())
    else moveByKeys(event)
  }

  return (
    <Box onKeyDown={onKeyDown} sx={{ display: 'contents' }}>
      <Box sx={{ display: 'flex', alignItems: 'center', pl: 2.5, pr: 1.5, pt: 2, pb: 1 }}>
        <Typography variant="h2" component={openRoomId ? 'h2' : 'h1'} sx={{ flex: 1 }}>
          Chats
        </Typography>
        <Tooltip title="Search messages (Ctrl+K)">
          <IconButton aria-label="Search messages" aria-haspopup="dialog" onClick={onSearch} sx={{ mr: 0.5 }}>
            <SearchRounded />
          </IconButton>
        </Tooltip>
        {onNew && (
          <Tooltip title="New conversation">
            <IconButton
              aria-label="New conversation"
              onClick={() => onNew()}
              color="primary"
              sx={{ bgcolor: 'color-mix(in srgb, var(--mui-palette-primary-main) 11%, transparent)' }}
            >
              <AddRounded />
            </IconButton>
          </Tooltip>
        )}
      </Box>
      {status === 'ready' && rooms.length > 0 && <FilterField value={filter} onChange={setFilter} />}
      {status === 'loading' && <ConversationListSkeleton />}
      {status === 'error' && (
        <StatePanel
          title="Your conversations could not be loaded"
          actions={<Button onClick={reload}>Try again</Button>}
        >
          {error?.message}
        </StatePanel>
      )}
      {status === 'ready' && rooms.length === 0 && (
        <StatePanel
          icon={<WavingHandOutlined />}
          title="No conversations yet"
          actions={
            onNew && (
              <Button variant="contained" onClick={() => onNew()}>
                New conversation
              </Button>
            )
          }
        >
          {onNew ? 'Find somebody and say hello.' : 'They appear here when somebody writes to you.'}
        </StatePanel>
      )}
      {isNobodyFound && (
        <StatePanel
          title="No conversation with this name"
          actions={
            onNew && (
              <Button variant="contained" onClick={() => onNew(filter.trim())}>
                Find somebody to write to
              </Button>
            )
          }
        />
      )}
      {status === 'ready' && shown.length > 0 && (
        <Rows
          rooms={shown}
          waiting={waiting}
          myId={myId}
          openRoomId={openRoomId}
          onOpen={onOpen}
          onEnd={hasMore ? loadMore : undefined}
        />
      )}
      <LateAlert
        open={loadMoreFailed}
        severity="warning"
        action={<Button onClick={loadMore}>Try again</Button>}
        sx={{ m: 1.5 }}
      >
        Further conversations could not be loaded.
      </LateAlert>
    </Box>
  )
}

/** Among the search and the conversations the arrows move the focus; Enter in the search opens the first it found. */
function moveByKeys(event: KeyboardEvent<HTMLElement>) {
  if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const search = event.currentTarget.querySelector('input')
  const rows = [...event.currentTarget.querySelectorAll('a')]
  if (search && event.target === search && event.key === 'Enter' && search.value.trim()) {
    rows[0]?.click()
    return
  }
  const stops: HTMLElement[] = search ? [search, ...rows] : rows
  const next = neighbour(event, stops, rows)
  if (!next) return
  event.preventDefault()
  next.focus()
}

function neighbour({ key, target }: KeyboardEvent, stops: HTMLElement[], rows: HTMLElement[]): HTMLElement | undefined {
  const here = target instanceof HTMLElement ? stops.indexOf(target) : -1
  if (here < 0) return undefined
  if (key === 'ArrowDown') return stops[here + 1]
  if (key === 'ArrowUp') return stops[here - 1]
  // In the search these move the caret.
  if (target instanceof HTMLInputElement) return undefined
  return key === 'Home' ? rows[0] : key === 'End' ? rows.at(-1) : undefined
}

/** Before the page can be measured: more rows than the tallest window shows, and the pixels of each. */
const first = { rows: 20, rowHeight: 68 }

interface RowsProps extends Pick<Props, 'myId' | 'openRoomId' | 'onOpen'>, Pick<ConversationListView, 'waiting'> {
  rooms: readonly Room[]
  /** Asks for more; undefined: there are none. */
  onEnd: (() => Promise<void>) | undefined
}

function Rows({ rooms, waiting, myId, openRoomId, onOpen, onEnd }: RowsProps) {
  const hydrated = useHydrated()
  const now = useNow()
  const { setScroller, from, to, above, below } = useEqualRows(rooms.length, first)
  const isAtEnd = to === rooms.length
  useEffect(() => {
    if (isAtEnd) void onEnd?.()
  }, [isAtEnd, onEnd])

  return (
    <Box ref={setScroller} sx={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>
      <ul style={{ margin: 0, padding: 0, paddingTop: above, paddingBottom: below, listStyle: 'none' }}>
        {rooms.slice(from, to).map((room) => (
          <li key={room.id}>
            <ConversationRow
              room={room}
              waiting={waiting.get(room.id)}
              myId={myId}
              now={hydrated ? now : undefined}
              open={room.id === openRoomId}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
    </Box>
  )
}

/** A field of the browser's own: all that Material's can do besides would be in the first load of every page with a chat. */
function FilterField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Box
      component="label"
      sx={{
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        mx: 2,
        mb: 1,
        px: 1.5,
        height: 40,
        borderRadius: '12px',
        bgcolor: 'background.default',
        border: '1px solid transparent',
        cursor: 'text',
        '&:focus-within': { borderColor: 'primary.main' },
        '& input': {
          flex: 1,
          minWidth: 0,
          p: 0,
          border: 0,
          // The frame around it says where the focus is.
          outline: 'none',
          bgcolor: 'transparent',
          color: 'inherit',
          font: 'inherit',
        },
        '& input::placeholder': { color: 'inherit', opacity: 0.62 },
      }}
    >
      <SearchRounded fontSize="small" sx={{ mr: 1, color: 'action.active' }} />
      <input
        type="search"
        aria-label="Search conversations"
        placeholder="Search conversations"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Box>
  )
}
