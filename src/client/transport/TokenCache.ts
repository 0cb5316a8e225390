import { authCommands, type SessionTokenData } from '@/contracts/auth'
import type { Namespace } from '@/contracts/namespaces'
import type { Clock } from '../runtime/clock'
import { AccountChanged } from '../runtime/errors'
import type { HttpClient } from './HttpClient'

/** A ticket fetched in advance is used this long; it would be accepted for a minute. */
const FRESH_MS = 30_000

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

/** A ticket, and what it takes to speak to whoever accepts it. */
export interface SessionToken extends Omit<SessionTokenData, 'parser'> {
  /** In place of Socket.IO's own. */
  parser?: object
}

export type FetchToken = (namespace: Namespace) => Promise<SessionToken>

/** Tokens for handshakes, of `userId` and nobody else. @throws AccountChanged, or as `HttpClient.call` does. */
export const createFetchToken =
  (http: HttpClient, userId: string): FetchToken =>
  async (namespace) => {
    const { parser, ...session } = await http.call(authCommands.sessionToken, { namespace })
    const subject = subjectOf(session.token)
    if (subject !== undefined && subject !== userId) throw new AccountChanged()
    return parser === undefined ? session : { ...session, parser: await import('socket.io-msgpack-parser') }
  }

/** The tokens of one namespace: each for one handshake, and only the one asked for last counts. */
export class TokenCache {
  private asked = 0
  private kept: { token: SessionToken; at: number } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly ask: () => Promise<SessionToken>,
  ) {}

  /** Undefined when it was overtaken by a later call or by `cancel`; rejects likewise only when it still counts. */
  async fetch(): Promise<SessionToken | undefined> {
    this.asked += 1
    const mine = this.asked
    try {
      const token = await this.ask()
      return mine === this.asked ? token : undefined
    } catch (error) {
      if (mine === this.asked) throw error
      return undefined
    }
  }

  /** For the next handshake. */
  keep(token: SessionToken): void {
    this.kept = { token, at: this.clock.now() }
  }

  /** What was kept, once, and only while it is fresh. */
  take(): SessionToken | undefined {
    const { kept } = this
    this.kept = undefined
    return kept !== undefined && this.clock.now() - kept.at < FRESH_MS ? kept.token : undefined
  }

  cancel(): void {
    this.asked += 1
  }
}
