import { z } from 'zod'
import { Role } from '@/contracts/permissions'
import { Id } from '@/contracts/primitives'

/** Somebody of the app that Tandem is part of. */
export interface IdentityPerson {
  /** As the app calls them: 1 to 64 visible ASCII characters, for ever the same person's. */
  id: string
  name: string
  /** A picture by its address, which may be a path of the site. */
  image?: string | null | undefined
}

/** Whom the app's own sign-in takes a request for. */
export interface IdentityVisitor extends IdentityPerson {
  /** What they are in Tandem; left out, as before (at first `user`). */
  role?: Role | undefined
  /**
   * What tells this sign-in from the same person's other ones: an id or a token of it, which stays the same while it lasts. Left
   * out, all browsers of a person share one session here, and signing out in one closes the sockets of all.
   */
  sessionId?: string | undefined
  /** When the sign-in ends by itself: nothing here outlives it. */
  expiresAt?: Date | undefined
  /** Whether a second factor was given. In production nobody may do what only admins may without one. */
  secondFactor?: boolean | undefined
}

/** What of a request says who it is from. In Next, `cookies()` and `headers()` say the same while it is asked. */
export interface IdentityRequest {
  headers: Headers
}

/**
 * The app's own people and sign-in, in place of Tandem's: who is this request, and who are these ids. Asked in the web process
 * alone. What it throws ends the request with an error; it signs nobody in and nobody out.
 */
export interface Identity {
  /** Null: nobody is signed in. Asked with every request, so it should be quick. */
  personOf(request: IdentityRequest): Promise<IdentityVisitor | null>
  /** Those of these ids (at most 100) that exist, in any order. Asked for whom Tandem has not seen yet. */
  people(ids: readonly string[]): Promise<IdentityPerson[]>
  /** People to begin a conversation with, by part of a name; at most 50 count. Left out: those who have been here are found. */
  search?(query: string): Promise<IdentityPerson[]>
}

/** The app's own sign-in gave something that Tandem cannot take. The message says what. */
export class IdentityError extends Error {}

const LONGEST_NAME = 80
const LONGEST_ADDRESS = 2_000

/** A name is one line; what is too long is cut, between characters. */
const Name = z.string().transform((name) =>
  [
    ...name
      .slice(0, 10 * LONGEST_NAME)
      .toWellFormed()
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_NAME)
    .join('')
    .trim(),
)

const Person = z.object({ id: Id, name: Name, image: z.string().nullish() })
const Visitor = Person.extend({
  role: z.optional(Role),
  sessionId: z.string().min(1).max(4_096).optional(),
  expiresAt: z.date().optional(),
  secondFactor: z.boolean().default(false),
})

/** Somebody as Tandem keeps them. */
export interface KnownPerson {
  id: string
  name: string
  avatarImage: string | null
}

export interface KnownVisitor extends KnownPerson {
  role: Role | undefined
  sessionId: string | undefined
  expiresAt: Date | undefined
  secondFactor: boolean
}

/** A picture that no page can show, or that is none, is left out. */
function pictureOf(image: string | null | undefined, publicUrl: string): string | null {
  if (!image || image.length > LONGEST_ADDRESS || !URL.canParse(image, publicUrl)) return null
  const url = new URL(image, publicUrl)
  return ['http:', 'https:'].includes(url.protocol) && url.href.length <= LONGEST_ADDRESS ? url.href : null
}

const parse = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the person'}: ${message}`)
  throw new IdentityError(`Identity gave somebody whom Tandem cannot take. ${faults.join(' ')}`)
}

const known = (person: z.output<typeof Person>, publicUrl: string): KnownPerson => ({
  id: person.id,
  // Whoever has no name is called by their id.
  name: person.name || person.id,
  avatarImage: pictureOf(person.image, publicUrl),
})

/** What an app said of its people, in Tandem's bounds. @throws IdentityError where an id, a role or a type is none. */
export const knownPerson = (given: unknown, publicUrl: string): KnownPerson => known(parse(Person, given), publicUrl)

/** The same of whom a request is from. @throws IdentityError likewise. */
export function knownVisitor(given: unknown, publicUrl: string): KnownVisitor {
  const { role, sessionId, expiresAt, secondFactor, ...person } = parse(Visitor, given)
  return { ...known(person, publicUrl), role, sessionId, expiresAt, secondFactor }
}
