import { io, type Socket } from 'socket.io-client'
import type { Command } from '@/contracts/command'
import type { Reply, WireError } from '@/contracts/errors'
import { toHttpRequest } from '@/contracts/httpRequest'
import type { TestServers } from '../../../support/servers/servers'
import { http } from '../../../support/servers/testUser'
import { onTeardown } from '../../../support/teardown'
import { waitFor } from '../../../support/waitFor'
import type { CallerName, Outcome, World } from './world'

export interface Call {
  servers: TestServers
  world: World
  caller: CallerName
  command: Command
  input: unknown
}

export interface Answer {
  code: Outcome
  data?: unknown
}

/** REST there takes bearers of an audience of their own. */
const ADMIN_PATH = '/admin/'
const ADMIN_AUDIENCE = '/admin-api'

/** A token of this caller for an audience, or why there is none. `disabled` has theirs from before. */
async function tokenOf({ servers, world, caller }: Call, audience: string): Promise<{ token?: string } | Answer> {
  if (caller === 'nobody' || caller === 'service') return {}
  if (caller === 'disabled') return { token: await world.tokenFromBefore(audience) }
  const { cookie } = world.people[caller]
  const path = `/api/auth/session-token?namespace=${encodeURIComponent(audience)}`
  const { status, body } = await http(servers.webUrl, 'GET', path, undefined, { cookie })
  return status === 200 ? (body as { token: string }) : { code: (body as { error: WireError }).error.code } // contract
}

/** The command at its address: with the caller's cookie, a bearer where port 3001 asks for one, or the service key. */
export async function overHttp(call: Call): Promise<Answer> {
  const { servers, world, caller, command, input } = call
  const { method, path, query, body } = toHttpRequest(command, input as never) // the sample is for this command
  const isOnPagesPort = path.startsWith('/api/')
  const headers: Record<string, string> = {}
  if (caller === 'service') headers.authorization = `Bearer ${servers.serviceKey}`
  else if (isOnPagesPort && caller !== 'nobody') headers.cookie = world.people[caller].cookie
  else if (path.startsWith(ADMIN_PATH)) {
    const token = await tokenOf(call, ADMIN_AUDIENCE)
    if ('code' in token) return token
    if (token.token) headers.authorization = `Bearer ${token.token}`
  }
  const search = new URLSearchParams(query).toString()
  const url = isOnPagesPort ? servers.webUrl : servers.sockets[0].url
  const answer = await http(url, method, `${path}${search && `?${search}`}`, body, headers)
  if (answer.status < 300) return { code: 'done', data: answer.body }
  return { code: (answer.body as { error: WireError }).error.code } // the contract's refusal
}

/** The command over a connection of this caller; a handshake that is refused is the answer to every command. */
export async function overSocket(call: Call): Promise<Answer> {
  const { servers, command, input } = call
  const namespace = command.namespace ?? '/chat'
  const token = await tokenOf(call, namespace)
  if ('code' in token) return token
  const socket: Socket = io(servers.sockets[0].url + namespace, {
    auth: token,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  onTeardown(() => {
    socket.disconnect()
  })
  let refusal: WireError | undefined
  socket.on('connect_error', (error: Error & { data?: WireError }) => {
    refusal = error.data
  })
  await waitFor(() => socket.connected || refusal !== undefined)
  if (refusal) return { code: refusal.code }
  const reply: Reply<unknown> = await socket
    .timeout(20_000)
    .emitWithAck(command.name, ...(input === undefined ? [] : [input]))
  socket.disconnect()
  return reply.ok ? { code: 'done', data: reply.data } : { code: reply.error.code }
}
