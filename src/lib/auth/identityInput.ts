import pTimeout from 'p-timeout'
import { z } from 'zod'
import { AppError } from '@/contracts/errors'
import { Role } from '@/contracts/permissions'
import { Id } from '@/contracts/primitives'
import { type Identity, IdentityError, type IdentityRequest } from './identity'

const LONGEST_NAME = 80
const LONGEST_ADDRESS = 2_000

/** A name is one line; what is too long is cut, between characters. */
const Name = z
  .string()
  .nullish()
  .transform((name) =>
    [
      ...(name ?? '')
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
}).refine(({ sessionId, expiresAt, secondFactor }) => sessionId !== undefined || (!expiresAt && !secondFactor), {
  // Browsers that share a session would share these too.
  error: 'expiresAt and secondFactor are said of one sign-in: its sessionId is missing.',
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

/**
 * The same of whom the app takes a request for; undefined: nobody, or a sign-in that is over.
 * @throws IdentityError likewise; AppError UNAVAILABLE when the app does not answer, so that whoever waits asks again.
 */
export async function askVisitor(
  identity: Pick<Identity, 'personOf'>,
  request: IdentityRequest,
  { publicUrl, timeoutMs }: { publicUrl: string; timeoutMs: number },
): Promise<KnownVisitor | undefined> {
  const given = await pTimeout(identity.personOf(request), { milliseconds: timeoutMs, fallback: noAnswer })
  if (!given) return undefined
  const { role, sessionId, expiresAt, secondFactor, ...person } = parse(Visitor, given)
  if (expiresAt && expiresAt.getTime() <= Date.now()) return undefined
  return { ...known(person, publicUrl), role, sessionId, expiresAt, secondFactor }
}

const noAnswer = (): never => {
  throw new AppError('UNAVAILABLE', { cause: new Error('Identity.personOf did not answer in time.') })
}
