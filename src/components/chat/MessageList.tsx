'use client'

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import Typography from '@mui/material/Typography'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useAttempt } from '../ui/useAttempt'
import { useNow } from '../ui/useNow'
import { JumpToNewest } from './JumpToNewest'
import { MessageItem } from './MessageItem'
import type { MessageActions } from './messageActions'
import type { MessageRow } from './rows'
import { useAnchoredWindow } from './useAnchoredWindow'
import { useEdgePages } from './useEdgePages'
import { useReading } from './useReading'
import { type Target, useTarget } from './useTarget'

interface Props {
  label: string
  rows: MessageRow[]
  /** `seq` of the oldest row. */
  firstIndex: number
  hasOlder: boolean
  loadingOlder: boolean
  loadOlder: () => Promise<void>
  /** The rows lie further back; the newest are not among them. */
  hasNewer: boolean
  loadingNewer: boolean
  loadNewer: () => Promise<void>
  toNewest: () => void
  /** Of the conversation. */
  unread: number
  /** Where to go. */
  target: Target | undefined
  /** On the way to a place that is being looked for. */
  isJumping: boolean
  markRead: (upToSeq: number) => void
  showSenders: boolean
  actions: MessageActions
}

/** Anchored at the newest message; stays there as messages come unless the person scrolled up. */
export function MessageList(props: Props) {
  // A window that begins later than before is another one (reloaded, or back at the newest): start at its end again.
  const [loaded, setLoaded] = useState({ first: props.firstIndex, key: 0 })
  if (loaded.first !== props.firstIndex) {
    setLoaded({ first: props.firstIndex, key: loaded.key + (props.firstIndex > loaded.first ? 1 : 0) })
  }
  const reached = useRef<Target>(undefined)
  return <LoadedMessages key={loaded.key} {...props} reached={reached} />
}

function LoadedMessages(props: Props & { reached: RefObject<Target | undefined> }) {
  const { label, rows, firstIndex, hasOlder, loadingOlder, loadOlder, markRead, showSenders, actions } = props
  const { hasNewer, loadingNewer, loadNewer, toNewest, unread, target, isJumping, reached } = props
  const now = useNow()
  const keys = useMemo(() => rows.map((row) => row.key), [rows])
  const anchored = useAnchoredWindow(keys, firstIndex, !hasNewer)
  const { scroller, setScroller, list, start, end, above, below, toEnd, toRow } = anchored
  const atEnd = anchored.atEnd && !hasNewer
  const older = useAttempt(loadOlder)
  useEdgePages({
    ...{ scroller, edge: 'start', enabled: hasOlder && !loadingOlder },
    ...{ at: firstIndex, load: older.attempt },
  })
  const newer = useAttempt(loadNewer)
  useEdgePages({
    ...{ scroller, edge: 'end', enabled: hasNewer && !loadingNewer },
    ...{ at: firstIndex + rows.length, load: newer.attempt },
  })
  const isOnItsWay = useTarget({ target, reached, rows, toRow })
  const isLeaving = isJumping || isOnItsWay
  const newBelow = useReading({ rows, atEnd, isLeaving, unread: hasNewer ? unread : undefined, markRead })

  // Where one was brought, else the newest.
  const drawn = rows.slice(start, end).filter((row) => !row.deleted && !row.system)
  const tabStop = (drawn.find((row) => target && row.seq === target.seq) ?? drawn.at(-1))?.key

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
              <li key={row.key} data-key={row.key} tabIndex={-1}>
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
          {hasNewer && <NextPage loading={loadingNewer} failed={newer.failed} onLoad={newer.attempt} />}
        </Box>
      </Box>
      {!atEnd && <JumpToNewest count={newBelow} onJump={hasNewer ? toNewest : toEnd} />}
    </Box>
  )
}

interface PageProps {
  loading: boolean
  failed: boolean
  onLoad: () => void
}

const NextPage = ({ loading, failed, onLoad }: PageProps) => (
  <Box sx={{ height: 64, flex: 'none', display: 'grid', placeItems: 'center' }}>
    {loading && <CircularProgress size={22} aria-label="Loading newer messages" />}
    {!loading && (
      <Button size="small" onClick={onLoad}>
        {failed ? 'Newer messages could not be loaded. Try again' : 'Load newer messages'}
      </Button>
    )}
  </Box>
)

function Beginning({ hasOlder, loading, failed, onLoad }: PageProps & { hasOlder: boolean }) {
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
