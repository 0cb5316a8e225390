import type { Socket } from 'socket.io-client'
import type { AdminCommands } from '@/contracts/admin'
import type { SessionTokenData, UserData } from '@/contracts/auth'
import type { ChatCommands } from '@/contracts/chat'
import type { CommandData, CommandInput } from '@/contracts/command'
import type { Reply } from '@/contracts/errors'
import type {
  AdminClientEvents,
  AdminServerEvents,
  ChatClientEvents,
  ChatServerEvents,
  NotificationsClientEvents,
  NotificationsServerEvents,
} from '@/contracts/events'
import type { NotificationCommands } from '@/contracts/notifications'
import { openSocket } from './openSocket'
import { noteMessageText, noteSecret } from './secrets'

export type ChatClient = Socket<ChatServerEvents, ChatClientEvents>
export type NotificationsClient = Socket<NotificationsServerEvents, NotificationsClientEvents>
export type AdminClient = Socket<AdminServerEvents, AdminClientEvents>

export interface HttpAnswer {
  status: number
  headers: Headers
  /** The parsed body (of CSV its text); undefined when there was none. */
  body: unknown
}

export interface ConnectOptions {
  url?: string
  transports?: ('websocket' | 'polling')[]
  /** Beside the token in the handshake's `auth`. */
  auth?: Record<string, unknown>
}

export interface TestUser {
  id: string
  name: string
  email: string
  password: string
  /** The `Cookie` header of this person's browser, as the last answer left it. */
  readonly cookie: string
  http(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>
  token(namespace?: string): Promise<string>
  /** Connects to `/chat` of the given server (absent: the one the token names) and waits until it is connected. */
  connect(options?: ConnectOptions): Promise<ChatClient>
  /** The same with `/notifications`. */
  connectNotifications(options?: ConnectOptions): Promise<NotificationsClient>
  /** The same with `/admin`. */
  connectAdmin(options?: ConnectOptions): Promise<AdminClient>
}

export async function http(
  webUrl: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  if (method === 'POST' && path === '/api/chat/messages') noteMessageText(body)
  const response = await fetch(webUrl + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isCsv = response.headers.get('content-type')?.startsWith('text/csv')
  const answer: unknown = text === '' ? undefined : isCsv ? text : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: answer }
}

export async function testUser(
  webUrl: string,
  account: { name: string; email: string; password: string },
): Promise<TestUser> {
  const registered = await http(webUrl, 'POST', '/api/auth/register', account)
  if (registered.status !== 201) throw new Error(`could not register: ${JSON.stringify(registered.body)}`)
  let cookie = (registered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { user } = registered.body as UserData // the contract's answer to a registration
  noteSecret('a password', account.password)
  noteSecret("a session's secret", cookie.split('=')[1])
  const sessionToken = async (namespace: string): Promise<SessionTokenData> => {
    const { body } = await http(webUrl, 'GET', `/api/auth/session-token?namespace=${namespace}`, undefined, { cookie })
    return body as SessionTokenData // likewise
  }
  const connect = async <S extends Socket>(namespace: string, options: ConnectOptions = {}): Promise<S> => {
    const { token, url } = await sessionToken(namespace)
    return openSocket<S>(options.url ?? url, namespace, token, options)
  }
  return {
    ...account,
    id: user.id,
    get cookie() {
      return cookie
    },
    async http(method, path, body, headers) {
      const answer = await http(webUrl, method, path, body, { cookie, ...headers })
      const [, renewed] = /^(auth_session=[^;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? []
      if (renewed) cookie = renewed
      return answer
    },
    token: async (namespace = '/chat') => (await sessionToken(namespace)).token,
    connect: (options) => connect('/chat', options),
    connectNotifications: (options) => connect('/notifications', options),
    connectAdmin: (options) => connect('/admin', options),
  }
}

type Client = ChatClient | NotificationsClient | AdminClient
/** Every command and event, whichever namespace it belongs to. */
type Commands = ChatCommands & Omit<NotificationCommands, 'ping'> & AdminCommands
type Events = ChatServerEvents & NotificationsServerEvents & AdminServerEvents
type Payload<K extends keyof Events> = Parameters<Events[K]>[0]

/** Sends a command and waits for its reply. */
export async function ask<K extends keyof Commands & string>(
  client: Client,
  command: K,
  input: CommandInput<Commands[K]>,
): Promise<Reply<CommandData<Commands[K]>>> {
  // Socket.IO's types lose the link between one event's name and its arguments when the name is a type parameter.
  const untyped = client as unknown as Socket
  if (command === 'sendMessage') noteMessageText(input)
  return untyped.timeout(20_000).emitWithAck(command, input)
}

/** The same, for commands that must succeed. */
export async function asked<K extends keyof Commands & string>(
  client: Client,
  command: K,
  input: CommandInput<Commands[K]>,
): Promise<CommandData<Commands[K]>> {
  const reply = await ask(client, command, input)
  if (!reply.ok) throw new Error(`${command} failed: ${JSON.stringify(reply.error)}`)
  return reply.data
}

/** Everything a client hears of one event from now on. */
export function heard<K extends keyof Events & string>(client: Client, event: K): Payload<K>[] {
  const payloads: Payload<K>[] = []
  // As in `ask`; the contract says what the event carries.
  const listen = client as unknown as { on(event: string, listener: (payload: Payload<K>) => void): void }
  listen.on(event, (payload) => payloads.push(payload))
  return payloads
}
