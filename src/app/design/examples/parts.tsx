'use client'

import Button from '@mui/material/Button'
import DialogContent from '@mui/material/DialogContent'
import Stack from '@mui/material/Stack'
import type { ComponentProps } from 'react'
import { ChatPanes } from '@/components/chat/ChatPanes'
import { ShellView } from '@/components/offline/ShellView'
import { AppShell } from '@/components/ui/AppShell'
import { ConfirmDialog } from '@/components/ui/ConfirmDialog'
import { ConnectionIndicator } from '@/components/ui/ConnectionIndicator'
import { CountBadge } from '@/components/ui/CountBadge'
import { ErrorView } from '@/components/ui/ErrorView'
import { Logo } from '@/components/ui/Logo'
import { NotFoundView } from '@/components/ui/NotFoundView'
import { PersonAvatar } from '@/components/ui/PersonAvatar'
import { Problem } from '@/components/ui/Problem'
import { StatePanel } from '@/components/ui/StatePanel'
import { TitledDialog } from '@/components/ui/TitledDialog'
import { Tooltip } from '@/components/ui/Tooltip'
import type { Example } from '../Example'
import { anyRoom, rooms } from '../fixtures/chat'
import { notifications, page } from '../fixtures/notifications'
import { admin, longName } from '../fixtures/people'
import { OpenButton } from '../OpenButton'

const everything = {
  listRooms: () => ({ rooms, nextCursor: null }),
  joinRoom: anyRoom,
  listNotifications: () => page(notifications),
}
const given = { userId: '', rooms: undefined }
const whole = () => (
  <AppShell>
    <ChatPanes given={given} />
  </AppShell>
)

const connection = (id: string, title: string, more: Partial<Example>): Example => ({
  ...{ id: `connection-${id}`, title: `Connection: ${title}` },
  show: () => <ConnectionIndicator />,
  ...more,
})

const confirm = (id: string, title: string, more: Partial<ComponentProps<typeof ConfirmDialog>>): Example => ({
  ...{ id: `confirm-${id}`, title },
  show: () => (
    <OpenButton label="Delete it">
      {(open, close) => (
        <ConfirmDialog {...{ open, title: 'Delete it?', confirm: 'Delete', onClose: close, onConfirm: close, ...more }}>
          It cannot be undone.
        </ConfirmDialog>
      )}
    </OpenButton>
  ),
})

export const pageExamples: Example[] = [
  { ...{ id: 'page', title: 'The whole page', height: 760, answers: everything, me: admin }, show: whole },
  {
    ...{ id: 'page-second-factor', title: 'The whole page of an admin without a second factor', height: 420 },
    ...{ answers: everything, me: { ...admin, needsSecondFactor: true }, show: whole },
  },
  { ...{ id: 'shell', title: 'A reload without a network', me: null }, show: () => <ShellView /> },
  {
    ...{ id: 'error', title: 'Something went wrong' },
    show: () => <ErrorView digest="1234567890" onRetry={() => {}} />,
  },
  { ...{ id: 'not-found', title: 'No such page', me: null }, show: () => <NotFoundView /> },
]

export const partExamples: Example[] = [
  connection('live', 'live', {}),
  connection('http', 'delayed: no socket, but HTTP', { network: 'http' }),
  connection('offline', 'offline, with one that waits', {
    network: 'offline',
    play: (client) => client.chat.sendMessage('group', 'It waits'),
  }),
  connection('starting', 'starting', { me: null }),
  {
    ...{ id: 'avatars', title: 'People and counts' },
    show: () => (
      <Stack direction="row" sx={{ gap: 3, p: 2, alignItems: 'center', flexWrap: 'wrap' }}>
        {['Ada Lovelace', 'zoë', '李小龍', longName, ''].map((name) => (
          <PersonAvatar key={name} name={name} />
        ))}
        {[0, 7, 1_234].map((count) => (
          <CountBadge key={count} count={count}>
            <Logo />
          </CountBadge>
        ))}
        <Tooltip title="It says what the button does">
          <Button variant="outlined">With a tooltip</Button>
        </Tooltip>
      </Stack>
    ),
  },
  {
    ...{ id: 'state-panel', title: 'A panel that says how it is', height: 320 },
    show: () => (
      <StatePanel title="Nothing here yet" actions={<Button variant="contained">Begin</Button>}>
        A sentence that says what to do.
      </StatePanel>
    ),
  },
  {
    ...{ id: 'problem', title: 'What did not work, and can be tried again' },
    show: () => <Problem text="The server did not answer in time. Please try again." again={() => {}} />,
  },
  {
    ...{ id: 'titled-dialog', title: 'A dialog with a line below its title' },
    show: () => (
      <OpenButton label="Show it">
        {(open, close) => (
          <TitledDialog title={longName} detail="It says more" open={open} onClose={close} closeButton={close}>
            <DialogContent>Whatever it is about.</DialogContent>
          </TitledDialog>
        )}
      </OpenButton>
    ),
  },
  confirm('plain', 'Before something that cannot be undone', {}),
  confirm('problem', 'After it could not be done', { keepsOpen: true, problem: 'The server did not answer.' }),
]
