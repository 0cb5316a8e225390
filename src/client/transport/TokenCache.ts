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

/** Asks for a token of this namespace, good for one handshake. */
export type FetchToken = (namespace: Namespace) => Promise<SessionTokenData>

/** Tokens for handshakes, of `userId` and nobody else. @throws AccountChanged, or as `HttpClient.call` does. */
export const createFetchToken =
  (http: HttpClient, userId: string): FetchToken =>
  async (namespace) => {
    const session = await http.call(authCommands.sessionToken, { namespace })
    const subject = subjectOf(session.token)
    if (subject !== undefined && subject !== userId) throw new AccountChanged()
    return session
  }

/** The tokens of one namespace: each for one handshake, and only the one asked for last counts. */
export class TokenCache {
  private asked = 0
  private kept: { token: SessionTokenData; at: number } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly ask: () => Promise<SessionTokenData>,
  ) {}

  /** Undefined when it was overtaken by a later call or by `cancel`; rejects likewise only when it still counts. */
  async fetch(): Promise<SessionTokenData | undefined> {
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
  keep(token: SessionTokenData): void {
    this.kept = { token, at: this.clock.now() }
  }

  /** What was kept, once, and only while it is fresh. */
  take(): SessionTokenData | undefined {
    const { kept } = this
    this.kept = undefined
    return kept !== undefined && this.clock.now() - kept.at < FRESH_MS ? kept.token : undefined
  }

  cancel(): void {
    this.asked += 1
  }
}
