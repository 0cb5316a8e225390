import { randomInt } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { Server } from 'socket.io'
import { expect, onTestFinished, vi } from 'vitest'
import { noChannel } from '@/client/outbox/tabChannel'
import { systemClock } from '@/client/runtime/clock'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { NetworkError } from '@/client/runtime/errors'
import { createLocalText } from '@/client/runtime/localText'
import { TandemClient } from '@/client/TandemClient'
import { createManager } from '@/client/transport/ManagerLink'
import { AuthContext } from '@/contexts/AuthContext'
import { SocketContext } from '@/contexts/SocketContext'
import type { AppError } from '@/contracts/errors'
import type { Notification, NotificationsPage } from '@/contracts/notifications'
import type { CurrentUser } from '@/contracts/users'
import { quietPage } from '../../client/support/testRuntime'
import { userPermissions } from '../../support/sessionUsers'

export const ada: CurrentUser = {
  id: 'ada',
  name: 'Ada',
  email: 'ada@example.com',
  role: 'user',
  permissions: userPermissions,
}

/** What a command is answered with; a thrown AppError refuses it. */
export type Answers = Record<string, (input: never) => unknown>

/** Resolves once the condition holds; React renders meanwhile, which it would not inside `act`. */
export const untilShown = (condition: () => unknown): Promise<void> =>
  waitFor(() => expect(condition()).toBeTruthy(), { timeout: 10_000, interval: 10 })

const heads = { lastSeen: '2026-01-01T00:00:00.000Z', asOf: '2026-01-01T00:00:00.000Z', nextPingMs: 25_000, rooms: {} }

const quiet: Answers = {
  ping: () => ({ ...heads, notifications: { version: 0, unread: 0 } }),
  'presence:sync': () => ({}),
  listRooms: () => ({ rooms: [], nextCursor: null }),
  listNotifications: () => notificationsPage([]),
}

export const notificationsPage = (notifications: Notification[], more: Partial<NotificationsPage> = {}) => {
  const unread = notifications.filter(({ status }) => status === 'unread').length
  return { notifications, nextCursor: null, unread, version: 0, ...more }
}

export const notification = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  title: id,
  message: 'text',
  type: 'info',
  status: 'unread',
  createdAt: '2026-01-01T00:00:00.000Z',
  userId: 'ada',
  ...more,
})

const socketServer = async () => {
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => io.close())
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  return { io, url: `http://127.0.0.1:${port}` }
}

/**
 * Ada's page: the real engine, whose commands a real socket server, and HTTP in its place, answer as the test says. What the
 * test asked for is in `asked`, by command, in order. `wrapper` is for `renderHook`.
 */
export const openPage = async (given: Answers = {}) => {
  // A file that brought one may have run before: what waited in it would be sent here.
  vi.stubGlobal('indexedDB', undefined)
  const { io, url } = await socketServer()
  const answers: Answers = { ...quiet, ...given }
  const asked: [command: string, input: unknown][] = []
  const answer = async (name: string, input: unknown) => {
    asked.push([name, input])
    const known = answers[name]
    if (known === undefined) throw new Error(`Nothing answers ${name}.`)
    return known(input as never) // each answer knows what its command carries
  }
  for (const namespace of ['/chat', '/notifications', '/admin']) {
    io.of(namespace).on('connection', (socket) => {
      socket.onAny((event: string, ...args: unknown[]) => {
        const acknowledge = args.pop() as (reply: unknown) => void // our client always asks for one
        answer(event, args[0]).then(
          (data) => acknowledge({ ok: true, data }),
          (error: AppError) => acknowledge({ ok: false, error: error.toWire('correlation') }),
        )
      })
    })
  }
  let isOnline = true
  const networkChanged = new EventEmitter()
  const client = new TandemClient({
    userId: ada.id,
    permissions: ada.permissions,
    http: {
      call: async ({ name }, input) => {
        if (!isOnline) throw new NetworkError('There is no network.')
        const token = { token: 'token', expiresAt: '2030-01-01T00:00:00.000Z', url }
        return (name === 'sessionToken' ? token : await answer(name, input)) as never // of the command's form
      },
    },
    clock: systemClock,
    random: () => 0.05, // short waits
    log: { warn() {}, error() {} },
    page: { ...quietPage, isOnline: () => isOnline, onChange: networkChanged.on },
    createManager,
    createClientId: () => `c${randomInt(2 ** 40)}`,
    localText: createLocalText(() => undefined),
    locks: undefined,
    channel: noChannel,
  })
  client.start()
  onTestFinished(() => client.stop())
  return {
    client,
    io,
    answers,
    asked: (name: string) => asked.flatMap(([command, input]) => (command === name ? [input] : [])),
    emit: (namespace: string, event: string, payload: unknown) => io.of(namespace).emit(event, payload),
    goOffline: () => {
      isOnline = false
      io.disconnectSockets(true)
      networkChanged.emit()
    },
    wrapper: around(client),
  }
}

/** What stands around a hook; `client` is null on a page that has just been opened. */
export const around =
  (client: TandemClient | null) =>
  ({ children }: { children: ReactNode }) => (
    <AuthContext value={auth}>
      <SocketContext value={client}>{children}</SocketContext>
    </AuthContext>
  )

const notHere = () => Promise.reject(new Error('Nobody signs in or out here.'))
const auth = {
  user: ada,
  signIn: notHere,
  enterDemo: notHere,
  register: notHere,
  signOut: notHere,
  passSecondFactor: notHere,
  sessionEnded: () => {},
  permissionsUpdated: () => {},
  refresh: async () => {},
  recognise: async () => {},
  resume: async () => false,
}
