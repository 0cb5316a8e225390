// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { noChannel } from '@/client/outbox/tabChannel'
import { systemClock } from '@/client/runtime/clock'
import { createLocalText } from '@/client/runtime/localText'
import { TandemClient } from '@/client/TandemClient'
import { createHttpClient } from '@/client/transport/HttpClient'
import { createManager } from '@/client/transport/ManagerLink'
import { AuthProvider } from '@/contexts/AuthProvider'
import { SocketProvider } from '@/contexts/SocketProvider'
import { AppError } from '@/contracts/errors'
import type { Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useAuth } from '@/hooks/useAuth'
import { useChat } from '@/hooks/useChat'
import { useClient } from '@/hooks/useClient'
import { useConversation } from '@/hooks/useConversation'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { useUnreadMessages } from '@/hooks/useUnreadMessages'
import { waitFor } from '../../support/waitFor'
import { TableRoom } from '../client/chat/support/TableRoom'
import { userPermissions } from '../support/sessionUsers'

const ada: CurrentUser = {
  id: 'ada',
  name: 'Ada',
  email: 'ada@example.com',
  role: 'user',
  permissions: userPermissions,
}
const bob: CurrentUser = {
  id: 'bob',
  name: 'Bob',
  email: 'bob@example.com',
  role: 'user',
  permissions: userPermissions,
}

/** What the HTTP API answers, by method and path; anything else is not reached. */
let answers: Record<string, () => Response>
let clients: TandemClient[]

beforeEach(() => {
  clients = []
  answers = {}
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const answer = answers[`${init.method} ${url.split('?')[0]}`]
    if (answer === undefined) throw new TypeError('Failed to fetch')
    return answer()
  })
})

afterEach(() => {
  for (const client of clients) client.stop()
})

/** A client without network; what it did in its life can be looked up. */
const createClient = (userId: string, permissions: Permission[]): TandemClient => {
  const client = new TandemClient({
    userId,
    permissions,
    http: createHttpClient(),
    clock: systemClock,
    random: Math.random,
    log: { warn() {}, error() {} },
    page: { isVisible: () => true, isOnline: () => true, onWake: () => () => {}, onChange: () => () => {} },
    createManager,
    createClientId: () => 'c1',
    localText: createLocalText(() => undefined),
    locks: undefined,
    channel: noChannel,
  })
  vi.spyOn(client, 'start')
  vi.spyOn(client, 'stop')
  clients.push(client)
  return client
}

const running = () =>
  clients.filter((client) => vi.mocked(client.start).mock.calls.length > vi.mocked(client.stop).mock.calls.length)

function Shown({ roomId }: { roomId: string }) {
  const { user, signIn, signOut } = useAuth()
  const { rooms, status } = useChat()
  const total = useUnreadMessages()
  const { state } = useSocketConnection()
  const { outgoing, send } = useConversation(roomId)
  return (
    <>
      <p data-testid="user">{user?.name ?? 'nobody'}</p>
      <p data-testid="list">{`${status}, ${rooms.length} rooms, ${total} unread, ${state}`}</p>
      <p data-testid="outgoing">{outgoing.map(({ message }) => message).join(' | ')}</p>
      <button type="button" onClick={() => send('hello')}>
        send
      </button>
      <button type="button" onClick={() => signIn({ email: 'bob@example.com', password: 'a long password' })}>
        sign in
      </button>
      <button type="button" onClick={() => signOut()}>
        sign out
      </button>
    </>
  )
}

function WrongPassword({ failed }: { failed: (error: unknown) => void }) {
  const { signIn } = useAuth()
  useEffect(() => {
    signIn({ email: 'a@example.com', password: 'wrong' }).catch(failed)
  }, [signIn, failed])
  return null
}

const Allowed = () => <p data-testid="allowed">{useAuth().user?.permissions.join(' ')}</p>

/** Tells what each rendering sees, also those that are never painted. */
function Look({ look }: { look(userId: string | undefined, client: TandemClient | null): void }) {
  const { user } = useAuth()
  const client = useClient()
  look(user?.id, client)
  return null
}

const page = (user: CurrentUser | null) => (
  <StrictMode>
    <AuthProvider user={user}>
      <SocketProvider createClient={createClient}>
        <Shown roomId="room" />
      </SocketProvider>
    </AuthProvider>
  </StrictMode>
)

const text = (id: string) => screen.getByTestId(id).textContent
const click = (name: string) => act(async () => screen.getByRole('button', { name }).click())

test('a signed-in page runs one client, also where effects run twice, and none when it is left', async () => {
  const { unmount } = render(page(ada))
  expect(running()).toHaveLength(1)

  unmount()

  expect(running()).toHaveLength(0)
})

test('a page shows what its client has, and what is sent at once', async () => {
  const table = new TableRoom(['ada', 'bob'])
  table.send('bob')
  answers['GET /api/chat/rooms'] = () => Response.json({ rooms: [table.row('ada')], nextCursor: null })
  render(page(ada))
  expect(text('list')).toBe('loading, 0 rooms, 0 unread, connecting')
  await act(() => waitFor(() => text('list') === 'ready, 1 rooms, 1 unread, connecting'))

  await click('send')

  expect(text('outgoing')).toBe('hello')
})

test('signing in as somebody else replaces the client; signing out stops it', async () => {
  answers['POST /api/auth/login'] = () => Response.json({ user: bob })
  answers['POST /api/auth/logout'] = () => new Response(null, { status: 204 })
  render(page(ada))

  await click('sign in')
  expect(text('user')).toBe('Bob')
  expect(running()).toEqual([clients.at(-1)])

  await click('sign out')
  expect(text('user')).toBe('nobody')
  expect(running()).toEqual([])
})

test('nobody is ever shown with the client of somebody else', async () => {
  answers['POST /api/auth/login'] = () => Response.json({ user: bob })
  const owners = new Map<TandemClient, string>()
  const createOwned = (userId: string, permissions: Permission[]) => {
    const client = createClient(userId, permissions)
    owners.set(client, userId)
    return client
  }
  const seen = new Set<string>()
  const look = (userId: string | undefined, client: TandemClient | null) => {
    seen.add(`${userId} with ${client === null ? 'none' : `the client of ${owners.get(client)}`}`)
  }
  render(
    <AuthProvider user={ada}>
      <SocketProvider createClient={createOwned}>
        <Look look={look} />
        <Shown roomId="room" />
      </SocketProvider>
    </AuthProvider>,
  )

  await click('sign in')

  expect([...seen]).toEqual([
    'ada with none',
    'ada with the client of ada',
    'bob with none',
    'bob with the client of bob',
  ])
})

test('a session that ended on the server leaves nobody signed in', async () => {
  answers['GET /api/chat/rooms'] = () => new Response(null, { status: 401 })
  render(page(ada))

  await act(() => waitFor(() => text('user') === 'nobody'))

  expect(running()).toEqual([])
})

test('another tab that signs out or signs in as somebody else ends this page’s session', async () => {
  render(page(ada))
  const otherTab = new BroadcastChannel('tandem-account')
  otherTab.postMessage('ada')
  otherTab.postMessage('bob')

  await act(() => waitFor(() => text('user') === 'nobody'))

  otherTab.close()
})

test('what a person may do from now on is shown at once; the client is another one only when it may read something else', async () => {
  render(
    <AuthProvider user={ada}>
      <SocketProvider createClient={createClient}>
        <Allowed />
      </SocketProvider>
    </AuthProvider>,
  )
  const told = (names: Permission[]) => act(async () => running()[0]?.permissionsUpdated.emit(names))
  const [first] = running()

  await told(userPermissions.filter((name) => name !== 'chat:write'))
  expect(text('allowed')).not.toContain('chat:write')
  expect(running()).toEqual([first])

  await told(userPermissions.filter((name) => name !== 'notifications:read'))
  expect(running()).toEqual([clients.at(-1)])
  expect(clients.at(-1)).not.toBe(first)

  answers['GET /api/auth/session'] = () => Response.json({ user: { ...ada, permissions: ['chat:read'] } })
  await act(async () => running()[0]?.refused.emit())
  await act(() => waitFor(() => text('allowed') === 'chat:read'))
})

test('what the server renders later counts', async () => {
  const { rerender } = render(page(null))
  expect(text('user')).toBe('nobody')

  rerender(page(bob))

  expect(text('user')).toBe('Bob')
  expect(running()).toHaveLength(1)
})

test('a sign-in that fails says why and changes nothing', async () => {
  answers['POST /api/auth/login'] = () =>
    Response.json({ error: new AppError('UNAUTHENTICATED').toWire('correlation') }, { status: 401 })
  let problem: unknown
  const failed = (error: unknown) => {
    problem = error
  }
  render(
    <AuthProvider user={null}>
      <WrongPassword failed={failed} />
    </AuthProvider>,
  )

  await waitFor(() => problem)

  expect(problem).toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('what is kept in this browser is shown only on the page that no server rendered, whose person is then asked for', async () => {
  const kept: [string, boolean | undefined][] = []
  answers['GET /api/auth/session'] = () => Response.json({ user: { ...ada, name: 'Ada Lovelace' } })
  const begin = (userId: string, permissions: Permission[]) => {
    const client = createClient(userId, permissions)
    vi.spyOn(client, 'keepCopy').mockImplementation(({ name }, restores) => void kept.push([name, restores]))
    return client
  }
  const shown = (isShell: boolean) => (
    <AuthProvider user={ada}>
      <SocketProvider createClient={begin} isShell={isShell}>
        <Shown roomId="room" />
      </SocketProvider>
    </AuthProvider>
  )
  render(shown(false)).unmount()
  render(shown(true))
  expect(kept).toEqual([
    ['Ada', false],
    ['Ada', true],
  ])
  // The connection is there.
  await act(async () => clients.at(-1)?.permissionsUpdated.emit(userPermissions))
  await act(() => waitFor(() => text('user') === 'Ada Lovelace'))
})
