'use client'

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import Typography from '@mui/material/Typography'
import { useEffect, useMemo, useState } from 'react'
import { useAttempt } from '../ui/useAttempt'
import { useNow } from '../ui/useNow'
import { JumpToNewest } from './JumpToNewest'
import { type MessageActions, MessageItem } from './MessageItem'
import type { MessageRow } from './rows'
import { useAnchoredWindow } from './useAnchoredWindow'
import { useOlderPages } from './useOlderPages'
import { useReading } from './useReading'

interface Props {
  label: string
  rows: MessageRow[]
  /** `seq` of the oldest row. */
  firstIndex: number
  hasOlder: boolean
  loadingOlder: boolean
  loadOlder: () => Promise<void>
  markRead: (upToSeq: number) => void
  showSenders: boolean
  actions: MessageActions
}

/** Anchored at the newest message; stays there as messages come unless the person scrolled up. */
export function MessageList(props: Props) {
  // A window that begins later than before is another one (reloaded): start at its end again.
  const [loaded, setLoaded] = useState({ first: props.firstIndex, key: 0 })
  if (loaded.first !== props.firstIndex) {
    setLoaded({ first: props.firstIndex, key: loaded.key + (props.firstIndex > loaded.first ? 1 : 0) })
  }
  return <LoadedMessages key={loaded.key} {...props} />
}

function LoadedMessages(props: Props) {
  const { label, rows, firstIndex, hasOlder, loadingOlder, loadOlder, markRead, showSenders, actions } = props
  const now = useNow()
  const keys = useMemo(() => rows.map((row) => row.key), [rows])
  const { scroller, setScroller, list, start, end, above, below, atEnd, toEnd } = useAnchoredWindow(keys, firstIndex)
  const older = useAttempt(loadOlder)
  useOlderPages({ scroller, enabled: hasOlder && !loadingOlder, firstIndex, loadOlder: older.attempt })
  const newBelow = useReading({ rows, atEnd, markRead })

  const tabStop = rows.slice(start, end).findLast((row) => !row.deleted && !row.system)?.key

  // What one sends oneself is always shown, wherever one was reading.
  const newest = rows.at(-1)
  const justWritten = newest?.delivery === 'waiting' ? newest.key : undefined
  useEffect(() => {
    if (justWritten) toEnd()
  }, [justWritten, toEnd])

  return (
    <Box sx={{ flex: 1, minHeight: 0, position: 'relative' }}>
      <Box
        component="section"
        ref={setScroller}
        aria-label={label}
        // Scrollable by keyboard.
        tabIndex={0}
        sx={{
          height: '100%',
          overflowY: 'auto',
          overflowAnchor: 'none',
          overscrollBehavior: 'contain',
          '&:focus-visible': { outlineOffset: '-2px' },
        }}
      >
        <Box sx={{ minHeight: '100%', display: 'flex', flexDirection: 'column', justifyContent: 'flex-end' }}>
          <Beginning hasOlder={hasOlder} loading={loadingOlder} failed={older.failed} onLoad={older.attempt} />
          <ul ref={list} style={{ margin: 0, padding: 0, paddingTop: above, paddingBottom: below, listStyle: 'none' }}>
            {rows.slice(start, end).map((row) => (
              <li key={row.key} data-key={row.key}>
                <MessageItem
                  row={row}
                  now={now}
                  showSender={showSenders}
                  actions={actions}
                  isTabStop={row.key === tabStop}
                />
              </li>
            ))}
          </ul>
        </Box>
      </Box>
      {!atEnd && <JumpToNewest count={newBelow} onJump={toEnd} />}
    </Box>
  )
}

interface BeginningProps {
  hasOlder: boolean
  loading: boolean
  failed: boolean
  onLoad: () => void
}

function Beginning({ hasOlder, loading, failed, onLoad }: BeginningProps) {
  return (
    <Box sx={{ height: 64, flex: 'none', display: 'grid', placeItems: 'center' }}>
      {loading && <CircularProgress size={22} aria-label="Loading older messages" />}
      {hasOlder && !loading && (
        <Button size="small" onClick={onLoad}>
          {failed ? 'Older messages could not be loaded. Try again' : 'Load older messages'}
        </Button>
      )}
      {!hasOlder && !loading && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          The beginning of this conversation
        </Typography>
      )}
    </Box>
  )
}
