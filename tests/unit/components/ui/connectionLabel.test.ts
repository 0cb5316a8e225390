import { expect, it } from 'vitest'
import { connectionLabel } from '@/components/ui/connectionLabel'

const label = (state: Parameters<typeof connectionLabel>[0]['state'], queued = 0) =>
  connectionLabel({ state, problem: undefined, queued }).text

it('says in a word or two how messages travel', () => {
  expect((['connected', 'connecting', 'polling', 'http', 'offline'] as const).map((state) => label(state))).toEqual([
    'Live',
    'Connecting',
    'Delayed',
    'Delayed',
    'Offline',
  ])
})

it('counts what waits, except while live, where nothing waits long enough to be read', () => {
  expect([label('offline', 3), label('http', 1), label('connected', 1)]).toEqual([
    'Offline — 3 waiting',
    'Delayed — 1 waiting',
    'Live',
  ])
})

it('explains itself with the problem when there is one', () => {
  const problem = { category: 'auth', message: 'Your session has ended.' } as const
  expect(connectionLabel({ state: 'error', problem, queued: 0 }).detail).toBe('Your session has ended.')
})
