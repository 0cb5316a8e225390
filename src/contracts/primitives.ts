import * as z from 'zod/mini'
import { limits } from './limits'

/** An id is opaque: 1 to 64 visible ASCII characters. */
export const Id = z
  .string({ error: 'Give an id: a string.' })
  .check(z.regex(/^[\x21-\x7e]{1,64}$/, 'An id has 1 to 64 visible ASCII characters.'))

/** ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
export const Timestamp = z.iso.datetime()

/** A time that somebody gives: PostgreSQL knows no year 0, and nothing here happened before 1970. */
export const SomeTime = Timestamp.check(z.refine((time) => Date.parse(time) >= 0, 'Give a time after 1970.'))

/** `seq` and `rev`: integers from 1 (PostgreSQL's `integer`); 0 means "nothing yet". */
export const Counter = z.int().check(z.gte(0), z.lte(2_147_483_647))

/** Text without U+0000, which PostgreSQL cannot hold. */
export const text = (what: string) =>
  z
    .string({ error: `${what} must be text.` })
    .check(z.refine((value) => !value.includes('\u0000'), `${what} must not contain the character U+0000.`))

/** Text of one or more lines, trimmed, 1 to `max` characters. */
export const paragraph = (what: string, max: number) =>
  z.pipe(
    text(what),
    z
      .string()
      .check(
        z.trim(),
        z.minLength(1, `${what} must not be empty.`),
        z.maxLength(max, `${what} must have at most ${max} characters.`),
      ),
  )

/** One line of text, trimmed, 1 to `max` characters. */
export const line = (what: string, max: number) =>
  z.pipe(
    paragraph(what, max),
    z.string().check(z.regex(/^\P{Cc}*$/u, `${what} must be one line, without control characters.`)),
  )

/** A message's text, trimmed, 1 to `limits.messageLength` characters. */
export const MessageText = paragraph('A message', limits.messageLength)

/** A cursor is opaque: what the page before answered as `nextCursor`. */
export const Cursor = z.string().check(z.maxLength(512))

/** A number in a query string. */
export const pageLimit = (max: number, fallback: number) =>
  z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(max)), fallback)

/**
 * A list or record of at most `max` entries, counted before any of them is looked at: however many wrong ones somebody
 * sends, they cost one sentence.
 */
export const atMost = <Input extends object, Output>(max: number, what: string, schema: z.ZodMiniType<Output, Input>) =>
  z.pipe(
    z.custom<Input>(
      (value) => typeof value !== 'object' || value === null || Object.keys(value).length <= max,
      `At most ${max} ${what} at once.`,
    ),
    schema,
  )

/** A picture by its address; where null is allowed it takes the picture away. */
export const Picture = z
  .url({ protocol: /^https?$/, error: 'Give the address of a picture, like https://example.com/me.png.' })
  .check(
    z.maxLength(2_000, 'This address is too long.'),
    z.regex(/^\P{Cc}*$/u, 'This address has control characters in it.'),
  )
