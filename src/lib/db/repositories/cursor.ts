import { AppError } from '@/contracts/errors'

/** A place in a list ordered by time and id, as an opaque word. */
export const encodeCursor = (time: Date, id: string): string =>
  Buffer.from(`${time.toISOString()} ${id}`).toString('base64url')

/** @throws AppError BAD_REQUEST when it is not a word of ours. */
export function decodeCursor(cursor: string): { time: Date; id: string } {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  const date = new Date(time)
  if (Number.isNaN(date.getTime()) || id === '' || id.includes('\u0000')) {
    throw new AppError('BAD_REQUEST', {
      issues: [
        { path: 'cursor', message: 'Use nextCursor of the page before, unchanged; leave it out for the first page.' },
      ],
    })
  }
  return { time: date, id }
}
