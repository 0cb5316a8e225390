import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import pTimeout from 'p-timeout'
import { AppError } from '@/contracts/errors'
import type { CurrentUser } from '@/contracts/users'
import { mostEntries } from '@/lib/cache/mostEntries'
import type { Database } from '@/lib/db/database'
import { IdentityPeople } from '@/lib/db/repositories/IdentityPeople'
import { withheld } from '@/lib/db/repositories/sessions'
import { readCookie } from '@/lib/http/cookies'
import type { Actor } from '@/services/audit/ports'
import type { SessionStore } from '@/services/users/ports'
import { type Identity, type KnownVisitor, knownPerson, knownVisitor } from './identity'
import type { SessionTokenKeys } from './keyRing'
import type { AskingRequest, RequestSessions } from './requestSessions'
import { hashOfSecret } from './secretHash'

/** A session lives this long after the last request for which the app said yes, in milliseconds. */
const SESSION_MS = 15 * 60_000
/** One that ends sooner than this is prolonged. */
const PROLONG_MS = 10 * 60_000
const MOST_KNOWN = 50_000
/** As `Identity.people` and `Identity.search` say. */
const ASKED_AT_ONCE = 100
const MOST_FOUND = 50

/** What the cookie is called; the prefix is as with Tandem's own. */
export const identityCookieName = (secure: boolean): string => `${secure ? '__Host-' : ''}tandem_session`

export interface IdentitySessionsDeps {
  identity: Identity
  db: Database
  /** Ends sessions, and announces it. */
  sessions: Pick<SessionStore, 'signOut'>
  keys: SessionTokenKeys
  publicUrl: string
  secondFactorForAdmins: boolean
  /** How long the app may take to say who a request is from. */
  timeoutMs: number
}

export interface IdentitySessions extends RequestSessions {
  /** Ends the session that this request's browser has here, at once. */
  end(request: AskingRequest): Promise<void>
  /** Writes down those of these ids whom nobody has seen here yet and the app knows. */
  know(ids: readonly string[]): Promise<void>
  /** Writes down whom the app finds. Without a search of its own: nobody. */
  find(query: string): Promise<void>
}

/**
 * Sessions of people who sign in elsewhere. Each request asks the app who it is from; a row of ours, short and prolonged while
 * the app says yes, is what sockets, permissions, revocation and the audit log go by. The cookie is no proof of anything: it
 * remembers which row this browser had, so that the row ends with the first request for which the app says no. Its value
 * follows from person and sign-in, so that several first requests at once make one row, also from pages, which set no cookie.
 */
export function createIdentitySessions(deps: IdentitySessionsDeps): IdentitySessions {
  const { identity, db, sessions, publicUrl, secondFactorForAdmins, timeoutMs } = deps
  const people = new IdentityPeople(db)
  const secure = publicUrl.startsWith('https:')
  const name = identityCookieName(secure)
  const key = Buffer.from(hkdfSync('sha256', deps.keys[0].secret, 'tandem', 'sessions of an identity', 32))
  /** Hashes of cookies that were good when they were last looked up. */
  const known = new LRUCache<string, true>(mostEntries(MOST_KNOWN))

  const secretOf = ({ id, sessionId = '' }: KnownVisitor): string =>
    // An id has no space in it.
    createHmac('sha256', key).update(`${id} ${sessionId}`).digest('base64url')

  const cookieOf = (request: AskingRequest): string | undefined => readCookie({ headers: request.headers }, name)

  const setCookie = (answer: Headers | undefined, value: string): void => {
    const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])]
    // Removed with the browser's own session: with nothing behind it, it says nothing.
    answer?.append('Set-Cookie', [`${name}=${value}`, ...attributes, ...(value ? [] : ['Max-Age=0'])].join('; '))
  }

  async function endOf(cookie: string): Promise<void> {
    // Another app of this host may have a cookie of this name.
    if (!/^[\w-]{43}$/.test(cookie)) return
    known.delete(hashOfSecret(cookie))
    await sessions.signOut(cookie, noActor)
  }

  async function write(given: readonly unknown[]): Promise<void> {
    const rows = new Map(given.map((person) => knownPerson(person, publicUrl)).map((person) => [person.id, person]))
    if (rows.size > 0) await people.write([...rows.values()])
  }

  return {
    isNamed: (request) => cookieOf(request) !== undefined,

    isKnown(request) {
      const cookie = cookieOf(request)
      return cookie !== undefined && known.has(hashOfSecret(cookie))
    },

    async read(request, answer) {
      const cookie = cookieOf(request)
      const given = await pTimeout(identity.personOf(request), { milliseconds: timeoutMs, fallback: noAnswer })
      const visitor = given ? knownVisitor(given, publicUrl) : undefined
      const now = Date.now()
      const ends = Math.min(now + SESSION_MS, visitor?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
      const secret = visitor && ends > now ? secretOf(visitor) : undefined
      if (cookie !== undefined && cookie !== secret) {
        await endOf(cookie)
        if (secret === undefined) setCookie(answer, '')
      }
      if (visitor === undefined || secret === undefined) return null
      const hash = hashOfSecret(secret)
      const seen = await people.visit({
        ...visitor,
        hash,
        publicId: randomUUID(),
        expiresAt: new Date(ends),
        prolongBefore: new Date(Math.min(now + PROLONG_MS, ends)),
      })
      if (seen === null) return null
      known.set(hash, true)
      if (cookie !== secret) setCookie(answer, secret)
      const permissions = withheld(seen.permissions, seen.secondFactor, secondFactorForAdmins)
      const user = { id: visitor.id, name: seen.name, role: seen.role, permissions }
      return {
        sessionUser: { ...user, sessionId: seen.publicId },
        currentUser: {
          ...user,
          email: '',
          ...(seen.avatarImage === null ? {} : { avatarImage: seen.avatarImage }),
          ...(permissions.length === seen.permissions.length ? {} : { needsSecondFactor: true }),
        } satisfies CurrentUser,
      }
    },

    async end(request) {
      const cookie = cookieOf(request)
      if (cookie !== undefined) await endOf(cookie)
    },

    async know(ids) {
      const unknown = await people.unknown([...new Set(ids)])
      for (let i = 0; i < unknown.length; i += ASKED_AT_ONCE) {
        const asked = unknown.slice(i, i + ASKED_AT_ONCE)
        const said = await identity.people(asked)
        // Whom nobody asked for is not written down.
        await write(said.filter(({ id }) => asked.includes(id)))
      }
    },

    async find(query) {
      await write((await identity.search?.(query))?.slice(0, MOST_FOUND) ?? [])
    },
  }
}

/** Whoever waits for an answer that does not come asks again, as the same person. */
const noAnswer = (): never => {
  throw new AppError('UNAVAILABLE', { cause: new Error('Identity.personOf did not answer in time.') })
}

/** Whose session it is, the table says. */
const noActor: Actor = {
  ...{ userId: null, name: 'nobody', transport: 'http', address: null },
  ...{ origin: null, sessionId: null, correlationId: null },
}
