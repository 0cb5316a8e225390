'use client'

import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import Typography from '@mui/material/Typography'
import { useRouter } from 'next/navigation'
import { type ReactNode, useCallback, useId, useState } from 'react'
import type { Notification } from '@/contracts/notifications'
import { type Bell, isChatUnread } from '@/hooks/useBell'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { late } from '../ui/late'
import { Tooltip } from '../ui/Tooltip'
import { useSubmit } from '../ui/useSubmit'
import { NotificationList } from './NotificationList'
import { PanelMenu } from './PanelMenu'
import { PanelState } from './PanelState'
import { UndoBar } from './UndoBar'
import { useNotificationFilter } from './useNotificationFilter'

const PreferencesDialog = late(async () => (await import('./PreferencesDialog')).PreferencesDialog)

/** An address of this site, whoever wrote it. */
const isOurs = (link: string) => /^\/(?![/\\])/.test(link)

interface Props {
  bell: Bell
  heading: 'h1' | 'h2'
  headingId?: string
  /** Lines of each message that are shown; all of them without it. */
  lines?: number
  /** Further buttons at the end of the heading's line. */
  tools?: ReactNode
  /** The person goes somewhere else from here. */
  onLeave?: () => void
}

/** Heading, tabs and list: the inside of the popover, of the sheet on a phone, and of the page. */
export function NotificationPanel({ bell, heading, headingId, lines, tools, onLeave }: Props) {
  const router = useRouter()
  const { filter, setFilter, shown, letGo } = useNotificationFilter(bell)
  const [problem, setProblem] = useState<string>()
  const [clearing, setClearing] = useState(false)
  const { busy, failure, submit, reset } = useSubmit([])
  const [choosing, setChoosing] = useState(false)
  const id = useId()
  const canClear = !bell.notifications.every(isChatUnread) || bell.hasMore.all

  const markAllRead = () => {
    letGo()
    bell.markAllRead().catch(() => setProblem('They could not be marked. Please try again.'))
  }
  const stopClearing = () => {
    setClearing(false)
    reset()
  }
  const clearAll = async () => {
    if (await submit(bell.clearAll)) setClearing(false)
  }
  const { setRead } = bell
  const open = useCallback(
    (notification: Notification) => {
      if (isChatUnread(notification)) {
        onLeave?.()
        router.push('/chat')
        return
      }
      if (notification.status === 'unread') {
        setRead(notification.id, true).catch(() => setProblem('This could not be saved. Please try again.'))
      }
      const { link } = notification
      if (link === undefined || !isOurs(link)) return
      onLeave?.()
      router.push(link)
    },
    [setRead, onLeave, router],
  )

  return (
    <>
      <Box sx={{ flex: 'none', display: 'flex', alignItems: 'center', pl: 2.5, pr: 1.5, pt: 1.75, gap: 0.5 }}>
        <Typography {...(headingId ? { id: headingId } : {})} variant="h2" component={heading} sx={{ flex: 1 }}>
          Notifications
        </Typography>
        {/* A disabled button could not take its tooltip away again. */}
        <Tooltip title={bell.unread > 0 ? 'Mark all as read' : ''}>
          <IconButton aria-label="Mark all as read" disabled={bell.unread === 0} onClick={markAllRead}>
            <DoneAllRounded fontSize="small" />
          </IconButton>
        </Tooltip>
        <PanelMenu
          onMarkAllRead={bell.unread > 0 ? markAllRead : undefined}
          onClearAll={canClear ? () => setClearing(true) : undefined}
          onPreferences={() => setChoosing(true)}
        />
        {tools}
      </Box>
      <Tabs
        value={filter}
        onChange={(_, value: typeof filter) => setFilter(value)}
        aria-label="Which notifications"
        sx={{ flex: 'none', px: 1.5, minHeight: 42, borderBottom: '1px solid', borderColor: 'divider' }}
      >
        {(['all', 'unread'] as const).map((value) => (
          <Tab
            key={value}
            value={value}
            label={value === 'all' ? 'All' : 'Unread'}
            id={`${id}-${value}`}
            aria-controls={`${id}-panel`}
            sx={{ minHeight: 42, minWidth: 72, textTransform: 'none', fontWeight: 600 }}
          />
        ))}
      </Tabs>
      <Box
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${filter}`}
        sx={{ position: 'relative', flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', pt: 1 }}
      >
        {problem && (
          <Alert severity="error" onClose={() => setProblem(undefined)} sx={{ mx: 1.5, mb: 1 }}>
            {problem}
          </Alert>
        )}
        {shown.length > 0 ? (
          <NotificationList
            key={filter}
            bell={bell}
            shown={shown}
            filter={filter}
            lines={lines}
            dayHeading={heading === 'h1' ? 'h2' : 'h3'}
            onOpen={open}
            onProblem={setProblem}
          />
        ) : (
          <PanelState bell={bell} filter={filter} />
        )}
        <Box sx={{ position: 'absolute', bottom: 12, left: 16, right: 16 }}>
          <UndoBar bell={bell} />
        </Box>
      </Box>
      <ConfirmDialog
        open={clearing}
        title="Clear all notifications?"
        confirm="Clear all"
        keepsOpen
        busy={busy}
        problem={failure.message && 'They could not be cleared. Please try again.'}
        onClose={stopClearing}
        onConfirm={clearAll}
      >
        They are deleted on all your devices, and this cannot be undone. Your chats stay as they are.
      </ConfirmDialog>
      <PreferencesDialog open={choosing} onClose={() => setChoosing(false)} />
    </>
  )
}
