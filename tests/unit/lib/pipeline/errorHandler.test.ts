import { expect, test } from 'vitest'
import { AppError, type ErrorCode, errorTable } from '@/contracts/errors'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import { recordingLogger } from '../../../support/recordingLogger'

test('an error made on purpose stays what it is', () => {
  const error = new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
  expect(toAppError(error)).toBe(error)
})

test.each([
  ['an Error', new TypeError('password=secret')],
  ['a text', 'password=secret'],
  ['nothing', undefined],
])('%s that was thrown becomes INTERNAL, and none of it reaches the client', (_, thrown) => {
  const error = toAppError(thrown)
  expect(error).toMatchObject({ code: 'INTERNAL', message: errorTable.INTERNAL.message })
  expect(error.cause).toBe(thrown)
  expect(JSON.stringify(error.toWire('c1'))).not.toContain('secret')
})

test.each<[ErrorCode, level: string, message: string]>([
  ['INTERNAL', 'error', 'sendMessage failed'],
  ['UNAVAILABLE', 'warn', 'sendMessage failed'],
  ['OVERLOADED', 'warn', 'sendMessage failed'],
  ['TIMEOUT', 'warn', 'sendMessage failed'],
  ['RATE_LIMITED', 'debug', 'sendMessage was refused'],
  ['BAD_REQUEST', 'debug', 'sendMessage was refused'],
  ['FORBIDDEN', 'debug', 'sendMessage was refused'],
])('%s is logged as %s "%s"', (code, level, message) => {
  const { logger, entries } = recordingLogger()
  logFailure(logger, 'sendMessage', new AppError(code), { userId: 'ada' })
  expect(entries).toEqual([{ level, scope: '', message, fields: { userId: 'ada', code } }])
})

test('the log, unlike the client, has what went wrong underneath', () => {
  const { logger, entries } = recordingLogger()
  const cause = new Error('connection refused')
  logFailure(logger, 'sendMessage', toAppError(cause), {})
  expect(entries[0]?.fields?.cause).toBe(cause)
})
