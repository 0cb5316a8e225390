import { expect, test } from 'vitest'
import { logRequest, roomIdOf } from '@/lib/pipeline/requestLogger'
import { recordingLogger } from '../../../support/recordingLogger'

test('a command leaves one quiet line: what, by whom, how it ended and how long it took', () => {
  const { logger, entries } = recordingLogger()
  const facts = { correlationId: 'c1', transport: 'socket', command: 'sendMessage', userId: 'ada' } as const
  logRequest(logger, { ...facts, outcome: 'NOT_FOUND', durationMs: 12.345 })
  expect(entries).toEqual([
    {
      level: 'debug',
      scope: '',
      message: 'sendMessage NOT_FOUND',
      fields: { ...facts, outcome: 'NOT_FOUND', durationMs: 12.3 },
    },
  ])
})

test.each([
  ['an id', { roomId: 'r1', message: 'private' }, 'r1'],
  ['no id', { message: 'private' }, undefined],
  ['an id that is no text', { roomId: 7 }, undefined],
  ['no object', 'r1', undefined],
  ['nothing', null, undefined],
])('of an input with %s the room is what it names, or none', (_, input, roomId) => {
  expect(roomIdOf(input)).toBe(roomId)
})

test('what a client calls a room is no longer in the log than an id', () => {
  expect(roomIdOf({ roomId: 'x'.repeat(10_000) })).toHaveLength(64)
})
