import { SessionTokenData } from '@/contracts/auth'
import type { Namespace } from '@/contracts/namespaces'
import type { HttpPort } from './ports'

/** The `sub` of a token: whom the server will take this page for. Undefined when the token is not a JWT. */
const subjectOf = (token: string): string | undefined => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const claims: unknown = JSON.parse(atob(payload))
    const subject = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined
    return typeof subject === 'string' ? subject : undefined
  } catch {
    return undefined
  }
}

/** The cookie belongs to somebody else by now: another tab signed in with another account. */
export class AccountChanged extends Error {
  constructor() {
    super('Another account is signed in.')
    this.name = 'AccountChanged'
  }
}

export type FetchToken = (namespace: Namespace) => Promise<SessionTokenData>

/** Tickets for handshakes, of `userId` and nobody else. */
export const createFetchToken =
  (http: HttpPort, userId: string): FetchToken =>
  async (namespace) => {
    const ticket = await http.request({
      method: 'GET',
      path: '/api/auth/session-token',
      query: { namespace },
      schema: SessionTokenData,
    })
    const subject = subjectOf(ticket.token)
    if (subject !== undefined && subject !== userId) throw new AccountChanged()
    return ticket
  }
