'use client'

import { LastSeen } from '@/components/chat/LastSeen'
import { PresenceDot } from '@/components/chat/PresenceDot'
import { AlertToast } from '@/components/notifications/AlertToast'
import { NotificationBell } from '@/components/notifications/NotificationBell'
import { NotificationsView } from '@/components/notifications/NotificationsView'
import { PreferencesDialog } from '@/components/notifications/PreferencesDialog'
import { TestNotifications } from '@/components/notifications/TestNotifications'
import { PersonAvatar } from '@/components/ui/PersonAvatar'
import { AppError } from '@/contracts/errors'
import { type Example, never } from '../Example'
import { newest, notifications, page, preferences } from '../fixtures/notifications'
import { admin, outsider } from '../fixtures/people'
import { OpenButton } from '../OpenButton'

const listing = { listNotifications: () => page(notifications) }

const view = (id: string, title: string, more: Partial<Example>): Example => ({
  ...{ id: `notifications-${id}`, title: `Notifications: ${title}`, height: 480 },
  show: () => <NotificationsView />,
  ...more,
})

export const notificationExamples: Example[] = [
  view('loading', 'loading', { answers: { listNotifications: never } }),
  view('empty', 'none', {}),
  view('ready', 'of every kind, read and unread', { height: 820, answers: listing }),
  view('error', 'could not be loaded', {
    answers: {
      listNotifications: () => {
        throw new AppError('UNAVAILABLE')
      },
    },
  }),
  view('offline', 'offline', { network: 'offline' }),
  view('removed', 'one removed, which can be undone', {
    answers: { ...listing, deleteNotification: never },
    play: (client) => void setTimeout(() => client.notifications.remove('success'), 1_000),
  }),
  view('closed', 'for an account that may not read them', { me: outsider }),
  {
    ...{ id: 'bell', title: 'The bell, with a count; it opens the list', answers: listing },
    show: () => <NotificationBell />,
  },
  {
    ...{ id: 'bell-empty', title: 'The bell without a count' },
    show: () => <NotificationBell />,
  },
  {
    ...{ id: 'toast', title: 'What has just arrived' },
    show: () => (
      <OpenButton label="Show it in the corner">
        {(open, close) => <AlertToast {...{ open, notification: newest, more: 2, onOpen: close, onClose: close }} />}
      </OpenButton>
    ),
  },
  {
    ...{ id: 'preferences', title: 'Preferences', answers: { readPreferences: () => preferences } },
    show: () => (
      <OpenButton label="Preferences">{(open, close) => <PreferencesDialog open={open} onClose={close} />}</OpenButton>
    ),
  },
  {
    ...{ id: 'presence', title: 'Somebody online, away, and offline' },
    show: () => (
      <>
        {['grace', 'linus', 'zoe'].map((id) => (
          <div key={id} style={{ display: 'flex', alignItems: 'center', gap: 12, margin: 16 }}>
            <PresenceDot userId={id}>
              <PersonAvatar name={id} />
            </PresenceDot>
            <LastSeen userId={id} />
          </div>
        ))}
      </>
    ),
  },
  {
    ...{ id: 'test-notifications', title: 'Test notifications, for admins', me: admin, height: 620 },
    show: () => <TestNotifications />,
  },
]
