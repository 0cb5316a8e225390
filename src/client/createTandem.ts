import { authCommands } from '@/contracts/auth'
import { createClient } from './createClient'
import type { ClientLog } from './runtime/runtime'
import type { TandemClient } from './TandemClient'
import { createHttpClient } from './transport/HttpClient'

export interface TandemOptions {
  /** Where the web process answers; default: the page's own site. */
  baseUrl?: string
  /** Of every request: outside of a browser the cookie of a session. */
  headers?: Record<string, string>
  log?: ClientLog
}

/**
 * The client of who is signed in, started: for programs, and for pages that draw everything themselves. `stop` ends it; a
 * browser tab needs one. In Node what waits to be sent is kept in memory.
 * @throws AppError UNAUTHENTICATED or SESSION_EXPIRED when nobody is, NetworkError when the server was not reached.
 */
export async function createTandem({ baseUrl, headers, log }: TandemOptions = {}): Promise<TandemClient> {
  const http = createHttpClient({
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(headers && { fetch: (input, init) => fetch(input, { ...init, headers: { ...init?.headers, ...headers } }) }),
  })
  const { user } = await http.call(authCommands.session, undefined)
  const client = createClient(user.id, user.permissions, { http, ...(log && { log }) })
  client.start()
  return client
}
