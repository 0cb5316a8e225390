import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { LastSeenBatch } from '@/services/presence/LastSeenBatch'
import { PresenceTracker } from '@/services/presence/PresenceTracker'
import { silentLogger } from '@/services/shared/Logger'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What is told of Grace, and when, in milliseconds. */
async function create() {
  const told: { at: number; state: string }[] = []
  const begun = Date.now()
  const tracker = new PresenceTracker({
    activeUsers: new InMemoryActiveUsersStore(),
    repository: { audienceOf: async () => ['ada'], lastSeenOf: async () => [] },
    lastSeen: new LastSeenBatch({ repository: { touch: async () => {} }, logger: silentLogger, batchMs: 2_000 }),
    publish(change) {
      const presence = change.type === 'presence' ? change.presence.grace : undefined
      const state = presence?.away ? 'away' : presence?.isOnline ? 'online' : 'offline'
      told.push({ at: Date.now() - begun, state })
    },
    isCutOff: () => false,
    logger: silentLogger,
    graceMs: 100,
  })
  await tracker.joined('grace', 'tab')
  const toggle = (away: boolean) => tracker.seen('grace', 'tab', away)
  return { told, tracker, toggle }
}

test('however often somebody toggles, once a second is told, the last state at the end of it', async () => {
  const { told, toggle } = await create()
  for (let i = 0; i < 65; i++) {
    await toggle(i % 2 === 0)
    await vi.advanceTimersByTimeAsync(50)
  }
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told.map(({ at }) => at).every((at, i) => i === 0 || at - (told[i - 1]?.at ?? 0) >= 1_000)).toBe(true)
  expect(told.length).toBeLessThanOrEqual(5)
  expect(told.at(-1)?.state).toBe('away')
})

test('who is what they were when the second is over is not told of again', async () => {
  const { told, toggle } = await create()
  await toggle(true)
  await toggle(false)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toEqual([{ at: 0, state: 'online' }])
})

test('who leaves within the second after a change is told of when it is over', async () => {
  const { told, tracker } = await create()
  await tracker.left('grace', 'tab', true)
  await vi.advanceTimersByTimeAsync(999)
  expect(told).toEqual([{ at: 0, state: 'online' }])
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual([
    { at: 0, state: 'online' },
    { at: 1_000, state: 'offline' },
  ])
})

test('nothing is told after the end of the process', async () => {
  const { told, tracker, toggle } = await create()
  await toggle(true)
  tracker.stop()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told).toHaveLength(1)
})
