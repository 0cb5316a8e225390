import { AppError } from '@/contracts/errors'

/** A place in a list ordered by time and id, as an opaque word. */
export const encodeCursor = (time: Date, id: string): string => encodeWords([time.toISOString(), id])

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export function decodeCursor(cursor: string): { time: Date; id: string } {
  const [time, id] = decodeWords(cursor)
  return { time: toTime(time), id: toId(id) }
}

/** A place in a list ordered by a number that grows. */
export const encodeNumberCursor = (number: bigint): string => encodeWords([String(number)])

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export function decodeNumberCursor(cursor: string): bigint {
  const [number = ''] = decodeWords(cursor)
  if (!/^[1-9]\d{0,17}$/.test(number)) throw notOurs()
  return BigInt(number)
}

/** A place in a person's heads, ordered by room id, with what the first page was asked and when. */
export interface HeadsPlace {
  asOf: Date
  /** Undefined: however long ago they changed. */
  since: Date | undefined
  /** The last room of the page before. */
  roomId: string
}

const ALWAYS = '-'

export const encodeHeadsCursor = ({ asOf, since, roomId }: HeadsPlace): string =>
  encodeWords([asOf.toISOString(), since?.toISOString() ?? ALWAYS, roomId])

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export function decodeHeadsCursor(cursor: string): HeadsPlace {
  const [asOf, since, roomId] = decodeWords(cursor)
  return { asOf: toTime(asOf), since: since === ALWAYS ? undefined : toTime(since), roomId: toId(roomId) }
}

/** A place among the reactions of a message, ordered by emoji and person. */
export const encodeReactionCursor = ({ emoji, userId }: { emoji: string; userId: string }): string =>
  encodeWords([emoji, userId])

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export function decodeReactionCursor(cursor: string): { emoji: string; userId: string } {
  const [emoji, userId] = decodeWords(cursor)
  return { emoji: toId(emoji), userId: toId(userId) }
}

/** A place in a list whose row is found by its id. */
export const encodeIdCursor = (id: string): string => encodeWords([id])

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export const decodeIdCursor = (cursor: string): string => toId(decodeWords(cursor)[0])

const encodeWords = (words: readonly string[]): string => Buffer.from(words.join(' ')).toString('base64url')
const decodeWords = (cursor: string): string[] => Buffer.from(cursor, 'base64url').toString('utf8').split(' ')

function toTime(word = ''): Date {
  const date = new Date(word)
  // Written otherwise than we write times it may also be one that PostgreSQL does not know.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== word || !/^(?!0000)\d{4}-/.test(word)) throw notOurs()
  return date
}

function toId(word = ''): string {
  if (word === '' || word.includes('\u0000')) throw notOurs()
  return word
}

const notOurs = (): AppError =>
  new AppError('BAD_REQUEST', {
    issues: [
      { path: 'cursor', message: 'Use nextCursor of the page before, unchanged; leave it out for the first page.' },
    ],
  })
