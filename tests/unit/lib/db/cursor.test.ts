import { expect, test } from 'vitest'
import { decodeCursor, decodeHeadsCursor, encodeCursor, encodeHeadsCursor } from '@/lib/db/repositories/cursor'

const time = new Date('2026-03-01T10:20:30.456Z')
const word = (text: string) => Buffer.from(text).toString('base64url')

test('a place comes back as it was', () => {
  expect(decodeCursor(encodeCursor(time, 'r1'))).toEqual({ time, id: 'r1' })
  for (const since of [time, undefined]) {
    const place = { asOf: time, since, roomId: 'r1' }
    expect(decodeHeadsCursor(encodeHeadsCursor(place))).toEqual(place)
  }
})

test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no time', word('yesterday r1')],
  ['a time as we do not write it', word('2026-03-01 r1')],
  ['a year that PostgreSQL does not know', word('0000-03-01T10:20:30.456Z r1')],
  ['a year of six digits', word('+012026-03-01T10:20:30.456Z r1')],
  ['no id', word(time.toISOString())],
  ['a character that PostgreSQL does not store', word(`${time.toISOString()} r\u0000`)],
])('a cursor with %s is refused, and the answer says what to do', (_, cursor) => {
  for (const decode of [decodeCursor, decodeHeadsCursor]) {
    expect(() => decode(cursor)).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        issues: [expect.objectContaining({ path: 'cursor' })],
      }),
    )
  }
})
