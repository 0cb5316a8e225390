import { expect, test } from 'vitest'
import {
  type ConnectionFacts,
  connectionProblem,
  connectionState,
  SHOWN_ATTEMPTS,
  SHOWN_DOWN_MS,
} from '@/client/transport/connectionState'
import { AppError } from '@/contracts/errors'

const down: ConnectionFacts = {
  connected: false,
  transport: undefined,
  everConnected: true,
  failures: 1,
  downForMs: 1_000,
  problem: undefined,
  httpAnswers: undefined,
  online: true,
}

test.each<[string, Partial<ConnectionFacts>, string]>([
  ['a WebSocket is connected', { connected: true, transport: 'websocket' }, 'connected'],
  ['long polling is polling', { connected: true, transport: 'polling' }, 'polling'],
  ['the first attempts are connecting', { everConnected: false }, 'connecting'],
  ['a lost connection is reconnecting', {}, 'reconnecting'],
  ['after five failed attempts HTTP is what is left', { failures: SHOWN_ATTEMPTS, httpAnswers: true }, 'http'],
  ['after 20 seconds HTTP is what is left', { downForMs: SHOWN_DOWN_MS, httpAnswers: true }, 'http'],
  ['without HTTP either it is offline', { failures: SHOWN_ATTEMPTS, httpAnswers: false }, 'offline'],
  ['a browser without network is offline at once', { online: false }, 'offline'],
  ['a browser that says so wrongly is not believed', { online: false, httpAnswers: true }, 'reconnecting'],
  ['a live connection counts more than what the browser says', { connected: true, online: false }, 'connected'],
  ['a session that is over is an error', { problem: new AppError('SESSION_EXPIRED') }, 'error'],
  ['a forbidden namespace is an error', { problem: new AppError('FORBIDDEN') }, 'error'],
  ['a busy server is not', { problem: new AppError('OVERLOADED') }, 'reconnecting'],
])('%s', (_what, facts, state) => {
  expect(connectionState({ ...down, ...facts })).toBe(state)
})

test.each([
  ['http', new Error('xhr poll error'), 'network'],
  ['error', new AppError('SESSION_EXPIRED'), 'auth'],
  ['reconnecting', new AppError('OVERLOADED'), 'server'],
  ['offline', undefined, 'network'],
] as const)('a problem while %s is of a category and has a sentence', (state, problem, category) => {
  const shown = connectionProblem(state, problem)

  expect(shown?.category).toBe(category)
  expect(shown?.message).toMatch(/\.$/)
})

test('a live connection has no problem', () => {
  expect(connectionProblem('connected', new Error('an old one'))).toBeUndefined()
})
