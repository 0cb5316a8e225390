import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useCallback, useEffect } from 'react'
import { type ScrollSeekPlaceholderProps, Virtuoso } from 'react-virtuoso'
import type { NotificationFilter } from '@/client/notifications/NotificationCache'
import type { Notification } from '@/contracts/notifications'
import { type Bell, isChatUnread } from '@/hooks/useBell'
import { dayKey, formatDay } from '../ui/clock'
import { useAttempt } from '../ui/useAttempt'
import { useNow } from '../ui/useNow'
import { VirtualItem, VirtualList } from '../ui/virtualList'
import { NotificationRow } from './NotificationRow'
import css from './NotificationRow.module.css'

/** As many as fill the tallest list: below that, more is loaded without being scrolled for. */
const screenful = 15
/**
 * The next page is asked for when so many rows are left below, or a third of them all where that is less: a quick scroll
 * (5,000 pixels a second) does not reach the end for two seconds, and a list that is only opened asks for nothing.
 */
const mostAhead = 100

interface Props {
  bell: Bell
  shown: readonly Notification[]
  filter: NotificationFilter
  lines?: number | undefined
  dayHeading: 'h2' | 'h3'
  onOpen: (notification: Notification) => void
  onProblem: (message: string) => void
}

/** Rows by day. Draws only those in view, so that ten thousand scroll like ten. */
export function NotificationList({ bell, shown, filter, lines, dayHeading: DayHeading, onOpen, onProblem }: Props) {
  const now = useNow()
  const { loadMore: loadMoreOf, setRead: saveRead, remove } = bell
  const { attempt: loadMore, failed } = useAttempt(useCallback(() => loadMoreOf(filter), [loadMoreOf, filter]))
  const more = bell.hasMore[filter]
  const loadingMore = bell.loadingMore[filter]

  useEffect(() => {
    // A list that does not fill its place cannot be scrolled, so that nothing else would ask for more.
    if (more && !loadingMore && !failed && shown.length < screenful) void loadMore()
  }, [more, loadingMore, failed, shown.length, loadMore])

  // The same function as long as nothing changes, so that a row is not drawn again when a page arrives.
  const setRead = useCallback(
    (id: string, read: boolean) => {
      saveRead(id, read).catch(() => onProblem('This could not be saved. Please try again.'))
    },
    [saveRead, onProblem],
  )

  return (
    <Box sx={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}>
      <Virtuoso
        style={{ flex: 1 }}
        data={shown}
        computeItemKey={(_, { id }) => id}
        defaultItemHeight={92}
        increaseViewportBy={400}
        rangeChanged={({ endIndex }) => {
          // After a failure only the end itself asks again.
          const near = failed ? 1 : Math.min(mostAhead, shown.length / 3)
          if (more && !loadingMore && endIndex >= shown.length - near) void loadMore()
        }}
        tabIndex={-1}
        components={listParts}
        scrollSeekConfiguration={rush}
        itemContent={(index, notification) => (
          <>
            {startsDay(shown[index - 1], notification) && (
              <DayHeading className={index === 0 ? `${css.day} ${css.firstDay}` : css.day}>
                {formatDay(new Date(notification.createdAt), now)}
              </DayHeading>
            )}
            <NotificationRow
              notification={notification}
              now={now}
              lines={lines}
              onOpen={onOpen}
              {...(isChatUnread(notification) ? {} : { onSetRead: setRead, onRemove: remove })}
            />
          </>
        )}
      />
      {failed && (
        <Alert severity="warning" action={<Button onClick={loadMore}>Try again</Button>} sx={{ m: 1.5 }}>
          Older notifications could not be loaded.
        </Alert>
      )}
    </Box>
  )
}

/** While the list rushes by, faster than anybody reads, shapes stand for its rows. In pixels between two looks of the list. */
const rush = {
  enter: (velocity: number) => Math.abs(velocity) > 3_000,
  exit: (velocity: number) => Math.abs(velocity) < 300,
}

const RushingRow = ({ height }: ScrollSeekPlaceholderProps) => (
  <li className={css.row} style={{ height, boxSizing: 'border-box' }} aria-hidden>
    <div className={css.shape} />
  </li>
)

const listParts = { List: VirtualList, Item: VirtualItem, ScrollSeekPlaceholder: RushingRow }

/** The one for chat messages stands above the days. */
const startsDay = (before: Notification | undefined, notification: Notification) => {
  if (isChatUnread(notification)) return false
  if (!before || isChatUnread(before)) return true
  return dayKey(new Date(before.createdAt)) !== dayKey(new Date(notification.createdAt))
}
