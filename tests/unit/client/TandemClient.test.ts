import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { expect, onTestFinished, test } from 'vitest'
import { ownCopy, readOwner } from '@/client/offline/database'
import { noChannel } from '@/client/outbox/tabChannel'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { NetworkError } from '@/client/runtime/errors'
import { createLocalText } from '@/client/runtime/localText'
import { TandemClient } from '@/client/TandemClient'
import { createManager } from '@/client/transport/ManagerLink'
import { permissions } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { waitFor } from '../../support/waitFor'
import { settled, TestClock } from './support/TestClock'
import { quietPage } from './support/testRuntime'

test('where HTTP answers some requests and not others, the back-offs of those that fail last all the same', async () => {
  const clock = new TestClock()
  const asked: string[] = []
  const woke = new EventEmitter()
  let failures = 0
  let tokensAreSlow = false
  const client = new TandemClient({
    userId: 'ada',
    permissions,
    http: {
      call: async ({ name }) => {
        asked.push(name)
        if (asked.length > 100) await new Promise(() => {}) // a storm, which would never end
        if (name !== 'sessionToken') throw new NetworkError('Something else answered, with status 502.')
        if (tokensAreSlow) await new Promise<void>((resolve) => setImmediate(resolve))
        // Nobody listens there.
        return { token: 'token', expiresAt: '2030-01-01T00:00:00.000Z', url: 'http://127.0.0.1:1' } as never // of the command's form
      },
    },
    clock,
    random: () => 0.5,
    log: {
      warn: (_message, facts) => {
        failures = Math.max(failures, Number(facts?.attempt ?? 0))
      },
      error() {},
    },
    page: { ...quietPage, onWake: woke.on },
    createManager,
    createClientId: () => 'c1',
    localText: createLocalText(() => undefined),
    locks: undefined,
    channel: noChannel,
  })
  onTestFinished(() => client.stop())
  client.start()
  await waitFor(async () => {
    await clock.pass(1_000)
    return failures >= 6 // from the fifth on each wake asks for tokens
  })

  asked.length = 0
  tokensAreSlow = true // what fails is heard of first
  woke.emit()
  await settled()

  expect(asked).toContain('sessionToken')
  expect(asked).toContain('listRooms')
  // No time passed: the wake asks for each once, and so does the first answer after it.
  expect(asked.length).toBeLessThan(20)
})

test('of who may not read conversations any more this browser keeps none', async () => {
  globalThis.indexedDB = new IDBFactory()
  const ada: CurrentUser = { id: 'ada', name: 'Ada', email: 'ada@example.com', role: 'user', permissions: [] }
  await ownCopy(ada, new AbortController().signal)
  const client = new TandemClient({
    userId: 'ada',
    permissions: ['notifications:read'],
    http: { call: async () => Promise.reject(new NetworkError('offline')) },
    clock: new TestClock(),
    random: () => 0.5,
    log: { warn() {}, error() {} },
    page: quietPage,
    createManager,
    createClientId: () => 'c1',
    localText: createLocalText(() => undefined),
    locks: undefined,
    channel: noChannel,
    loadKeeper: async () => {
      throw new Error('Nothing is to be kept.')
    },
  })
  onTestFinished(() => client.stop())
  client.keepCopy(ada)
  await waitFor(async () => (await readOwner()) === undefined)
})
