import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodePeople, encodePeople } from '@/lib/sockets/health/peopleSet'

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `user-${i}`)
/** Ids that look like chance and are the same each time. */
const randomIds = (count: number): string[] => ids(count).map((id) => createHash('sha256').update(id).digest('hex'))

test('the same person is the same number wherever and in whatever order they are told of', () => {
  const [ann, bob] = decodePeople(encodePeople(['ann', 'bob']))
  expect(decodePeople(encodePeople(['bob', 'carol', 'ann']))).toEqual([bob, expect.any(Number), ann])
  expect(ann).not.toBe(bob)
})

test.each([
  { kind: 'alike', make: ids },
  { kind: 'random', make: randomIds },
])('a hundred thousand people with $kind ids are a hundred thousand numbers', ({ make }) => {
  expect(new Set(decodePeople(encodePeople(make(100_000)))).size).toBe(100_000)
})

test('ten thousand people take no more than 80 kB, and no id can be read from them', () => {
  const text = encodePeople(ids(10_000))
  expect(text.length).toBeLessThanOrEqual(80_000)
  expect(Buffer.from(text, 'base64').toString('latin1')).not.toContain('user-')
})

test('nobody is an empty set, and a text that was cut off loses its last person only', () => {
  expect(decodePeople(encodePeople([]))).toEqual([])
  const text = encodePeople(ids(4))
  expect(decodePeople(text.slice(0, -2))).toEqual(decodePeople(text).slice(0, 3))
})
