import CloudOffOutlined from '@mui/icons-material/CloudOffOutlined'
import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import { useCallback, useEffect } from 'react'
import type { NotificationFilter } from '@/client/notifications/NotificationCache'
import type { Bell } from '@/hooks/useBell'
import { StatePanel } from '../ui/StatePanel'
import { useAttempt } from '../ui/useAttempt'

interface Props {
  bell: Bell
  filter: NotificationFilter
}

/** What stands in the place of an empty list: why it is empty, or that it is not here yet. */
export function PanelState({ bell, filter }: Props) {
  const { attempt: reload } = useAttempt(bell.reload)
  const { loadMore: loadMoreOf } = bell
  const { attempt: loadMore, failed } = useAttempt(useCallback(() => loadMoreOf(filter), [loadMoreOf, filter]))
  const searching = bell.status === 'ready' && bell.hasMore[filter] && (filter === 'all' || bell.unread > 0)
  const loadingMore = bell.loadingMore[filter]

  useEffect(() => {
    if (searching && !loadingMore && !failed) void loadMore()
  }, [searching, loadingMore, failed, loadMore])

  if (bell.status === 'error' || failed) {
    return (
      <StatePanel
        icon={<CloudOffOutlined />}
        title="Notifications could not be loaded"
        actions={<Button onClick={failed ? loadMore : reload}>Try again</Button>}
      >
        {bell.error?.message}
      </StatePanel>
    )
  }
  if (bell.status === 'loading' || searching) return <ListSkeleton />
  return filter === 'unread' ? (
    <StatePanel icon={<DoneAllRounded />} title="You are all caught up">
      Nothing is unread.
    </StatePanel>
  ) : (
    <StatePanel icon={<NotificationsNoneRounded />} title="No notifications yet">
      What concerns you will appear here.
    </StatePanel>
  )
}

const rowWidths = [64, 48, 72, 56]

function ListSkeleton() {
  return (
    <Box aria-busy aria-label="Loading notifications" role="status" sx={{ px: 2.5, pt: 0.5 }}>
      {rowWidths.map((width) => (
        <Box key={width} sx={{ display: 'flex', gap: 1.5, py: 1.25 }}>
          <Skeleton variant="circular" width={40} height={40} />
          <Box sx={{ flex: 1 }}>
            <Skeleton width={`${width}%`} height={22} />
            <Skeleton width={`${Math.min(92, width + 24)}%`} height={18} />
            <Skeleton width="22%" height={14} />
          </Box>
        </Box>
      ))}
    </Box>
  )
}
