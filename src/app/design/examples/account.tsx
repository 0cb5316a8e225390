'use client'

import { AccountView } from '@/components/account/AccountView'
import { BlockedDialog } from '@/components/account/BlockedDialog'
import { ForgotView } from '@/components/auth/ForgotView'
import { LoginView } from '@/components/auth/LoginView'
import { RegisterView } from '@/components/auth/RegisterView'
import { ResetView } from '@/components/auth/ResetView'
import { UnsubscribeView } from '@/components/auth/UnsubscribeView'
import { Landing } from '@/components/landing/Landing'
import { AppError } from '@/contracts/errors'
import { type Example, never } from '../Example'
import { account, fromGoogle, guarded, sessions } from '../fixtures/account'
import { people } from '../fixtures/people'
import { OpenButton } from '../OpenButton'
import type { Answers } from '../played/PlayedServer'

const demo = [
  { email: 'ada@example.com', name: 'Ada' },
  { email: 'grace@example.com', name: 'Grace' },
]
const login = { next: '/chat', demo: [], google: true, problem: undefined, registers: true, mail: true }
const register = { next: '/chat', invite: undefined, google: true }

const signedOut = (id: string, title: string, show: Example['show'], height = 640): Example => ({
  ...{ id, title, show, height, me: null },
})

export const signInExamples: Example[] = [
  signedOut('landing', 'The first page, with a demo', () => <Landing demo={demo} />, 900),
  signedOut('login', 'Signing in', () => <LoginView {...login} />),
  signedOut('login-demo', 'Signing in, with a demo', () => <LoginView {...login} demo={demo} google={false} />, 760),
  signedOut('login-problem', 'Signing in, after a way in that failed', () => (
    <LoginView {...login} problem="Google did not say who you are. Please try again." />
  )),
  signedOut('register', 'Registering', () => <RegisterView {...register} state={{ open: true, email: null }} />, 720),
  signedOut('register-invited', 'Registering, with an invite', () => (
    <RegisterView {...register} invite="secret" state={{ open: true, email: 'new@example.com' }} />
  )),
  signedOut('register-closed', 'Registering, closed', () => (
    <RegisterView {...register} state={{ open: false, reason: 'New accounts are made by invitation.' }} />
  )),
  signedOut('forgot', 'Forgot the password', () => <ForgotView />),
  signedOut('reset', 'Another password', () => <ResetView />),
  signedOut('unsubscribe', 'No more digests', () => <UnsubscribeView />),
]

const topics = () => ({ topics: ['deploys'], open: ['deploys', 'releases', 'incidents'], nextCursor: null })
const having = (read: unknown): Answers => ({
  readAccount: () => read,
  listSessions: () => ({ sessions }),
  listTopics: topics,
})

const own = (id: string, title: string, answers: Answers, more: Partial<Example> = {}): Example => ({
  ...{ id: `account-${id}`, title: `Account: ${title}`, answers, height: 900 },
  show: () => <AccountView problem={undefined} linked={false} />,
  ...more,
})

export const accountExamples: Example[] = [
  own('loading', 'loading', { readAccount: never, listSessions: never }, { height: 480 }),
  own('ready', 'with a password', having(account)),
  own('guarded', 'with an authenticator app and Google', having(guarded)),
  own('google', 'of Google alone, which needs a second factor', having(fromGoogle)),
  own('problem', 'Google could not be linked', having(account), {
    show: () => <AccountView problem="This Google account is somebody else's." linked={false} />,
  }),
  own(
    'error',
    'could not be loaded',
    {
      readAccount: () => {
        throw new AppError('UNAVAILABLE')
      },
    },
    { height: 360 },
  ),
  {
    ...{ id: 'blocked-people', title: 'Blocked people' },
    answers: { listBlocked: () => ({ users: people, nextCursor: null }) },
    show: () => (
      <OpenButton label="Blocked people">{(open, close) => <BlockedDialog open={open} onClose={close} />}</OpenButton>
    ),
  },
]
