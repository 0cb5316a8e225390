import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { mostEntries } from '@/lib/cache/mostEntries'
import type { IdentityPeople, IdentityVisitor } from '@/lib/db/repositories/IdentityPeople'
import { withheld } from '@/lib/db/repositories/sessions'
import { requestAddress } from '@/lib/http/remoteAddress'
import { correlation } from '@/lib/logger/correlation'
import { type Actor, systemActor } from '@/services/audit/ports'
import type { SessionStore } from '@/services/users/ports'
import type { Identity } from './identity'
import { createIdentityCookie } from './identityCookie'
import { askVisitor, type KnownVisitor } from './identityInput'
import type { SessionTokenKeys } from './keyRing'
import type { BrowserSession } from './lucia'
import type { AskingRequest, RequestSessions } from './requestSessions'
import { hashOfSecret } from './secretHash'

/** A session lives this long after the last request for which the app said yes, in milliseconds. */
const SESSION_MS = 15 * 60_000
/** One that ends sooner than this is prolonged. */
const PROLONG_MS = 10 * 60_000
/** First requests of one sign-in that come within this time are one beginning, in milliseconds. */
const BEGINNING_MS = 10_000
/** For so long a sign-in that was ended here begins nothing, whatever the app still says, in milliseconds. */
const SIGNED_OUT_MS = 30_000
const MOST_KNOWN = 50_000

export interface IdentitySessionsDeps {
  identity: Identity
  people: IdentityPeople
  /** Ends sessions, and announces it. */
  sessions: Pick<SessionStore, 'signOut' | 'endOthers'>
  keys: SessionTokenKeys
  publicUrl: string
  secondFactorForAdmins: boolean
  trustedProxyHops: number
  /** How long the app may take to say who a request is from. */
  timeoutMs: number
  /** Counts that a session of this person's begins. @throws AppError RATE_LIMITED. */
  countBeginning: (personId: string) => Promise<void>
}

export interface IdentitySessions extends RequestSessions {
  /** Ends the session that this request's browser has here, at once. */
  end(request: AskingRequest): Promise<void>
  /** Ends all that this person has here, at once. */
  endAll(personId: string): Promise<void>
}

/**
 * Sessions of people who sign in elsewhere. Each request asks the app who it is from; a row of ours, short and prolonged while
 * the app says yes, is what sockets, permissions, revocation and the audit log go by. The cookie is no proof of anything: it
 * remembers which row this browser had, so that the row ends with the first request for which the app says no. Its value
 * follows from person and sign-in, so that several first requests at once make one row, also from pages, which set no cookie.
 */
export function createIdentitySessions(deps: IdentitySessionsDeps): IdentitySessions {
  const { identity, people, sessions } = deps
  const cookies = createIdentityCookie(deps.keys, deps.publicUrl.startsWith('https:'))
  // By the hashes of their cookies.
  const known = new LRUCache<string, true>(mostEntries(MOST_KNOWN))
  const begun = new LRUCache<string, true>({ ...mostEntries(MOST_KNOWN), ttl: BEGINNING_MS })
  const signedOut = new LRUCache<string, true>({ ...mostEntries(MOST_KNOWN), ttl: SIGNED_OUT_MS })
  /** A page or a command may ask more than once whose request it is. */
  const readings = new WeakMap<Headers, Promise<BrowserSession | null>>()

  async function endOf(request: AskingRequest, cookie: string): Promise<void> {
    const hash = hashOfSecret(cookie)
    known.delete(hash)
    begun.delete(hash)
    const address = requestAddress(request, deps.trustedProxyHops)
    // Whose session it is, the table says.
    const nobody: Actor = { ...systemActor, name: 'nobody', transport: 'http' }
    await sessions.signOut(cookie, { ...nobody, address, correlationId: correlation.getStore() ?? null })
  }

  /** Writes follow from a beginning, also that of the end of the session before: so they are limited. */
  async function begin(hash: string, personId: string): Promise<void> {
    if (begun.has(hash)) return
    begun.set(hash, true)
    try {
      await deps.countBeginning(personId)
    } catch (error) {
      begun.delete(hash)
      throw error
    }
  }

  /** Undefined: it was ended here a moment ago. A session that browsers share is nobody's to keep from the others. */
  function secretOf(visitor: KnownVisitor, cookie: string | undefined): string | undefined {
    const secret = cookies.secretOf(visitor, cookie)
    return visitor.sessionId !== undefined && signedOut.has(hashOfSecret(secret)) ? undefined : secret
  }

  async function ask(request: AskingRequest, answer: Headers | undefined): Promise<BrowserSession | null> {
    const visitor = await askVisitor(identity, request, deps)
    const cookie = cookies.read(request)
    const secret = visitor && secretOf(visitor, cookie)
    if (cookie !== undefined && cookie !== secret) await endOf(request, cookie)
    if (visitor === undefined || secret === undefined) {
      if (cookie !== undefined) answer?.append('Set-Cookie', cookies.line(undefined))
      return null
    }
    const hash = hashOfSecret(secret)
    const now = Date.now()
    const ends = Math.min(now + SESSION_MS, visitor.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
    const times = { expiresAt: new Date(ends), prolongBefore: new Date(Math.min(now + PROLONG_MS, ends)) }
    const visit = { ...visitor, ...times, hash, publicId: randomUUID() }
    const seen = await people.visit(visit, () => begin(hash, visitor.id))
    if (seen === null) return null
    known.set(hash, true)
    if (cookie !== secret) answer?.append('Set-Cookie', cookies.line(secret))
    return toSession(visitor.id, seen, deps.secondFactorForAdmins)
  }

  return {
    isNamed: (request) => cookies.read(request) !== undefined,

    isKnown(request) {
      const cookie = cookies.read(request)
      return cookie !== undefined && known.has(hashOfSecret(cookie))
    },

    read(request, answer) {
      const reading = readings.get(request.headers) ?? ask(request, answer)
      readings.set(request.headers, reading)
      return reading
    },

    async end(request) {
      readings.delete(request.headers)
      const cookie = cookies.read(request)
      if (cookie === undefined) return
      signedOut.set(hashOfSecret(cookie), true)
      await endOf(request, cookie)
    },

    endAll: (personId) => sessions.endOthers(personId, null, { ...systemActor, name: 'identity' }),
  }
}

function toSession(id: string, seen: IdentityVisitor, secondFactorForAdmins: boolean): BrowserSession {
  const permissions = withheld(seen.permissions, seen.secondFactor, secondFactorForAdmins)
  const user = { id, name: seen.name, role: seen.role, permissions }
  return {
    sessionUser: { ...user, sessionId: seen.publicId },
    currentUser: {
      ...user,
      email: '',
      ...(seen.avatarImage === null ? {} : { avatarImage: seen.avatarImage }),
      ...(permissions.length === seen.permissions.length ? {} : { needsSecondFactor: true }),
    },
  }
}
