import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { silentLogger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { LiveSession } from '@/services/users/ports'
import { ada } from '../../../support/sessionUsers'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** So many people with a socket each, of whom the database says that they may do nothing any more. */
function create(people: number) {
  const connections = new ConnectionManager(new InMemoryActiveUsersStore())
  const updated: SessionUser[] = []
  const users = Array.from({ length: people }, (_, n) => ({ ...ada, id: `user-${n}`, sessionId: `session-${n}` }))
  for (const user of users) {
    connections.registerConnection(
      user,
      `socket of ${user.id}`,
      '/chat',
      () => {},
      () => 'websocket',
      (changed) => updated.push(changed),
    )
  }
  const live = vi.fn(
    async (ids: readonly string[]): Promise<LiveSession[]> =>
      users.filter(({ sessionId }) => ids.includes(sessionId)).map((user) => ({ ...user, permissions: [] })),
  )
  const guard = new SessionGuard({
    connections,
    sessions: { live, seen: async () => {} },
    logger: silentLogger,
    intervalMs: 4_500,
  })
  return { guard, live, updated, users }
}

test('however many people change at the same time, they are looked at in one query', async () => {
  const { guard, live, updated, users } = create(300)
  for (const { id } of users) guard.checkUser(id)
  guard.checkUser('somebody without a socket here')
  await vi.advanceTimersByTimeAsync(50)
  expect(live).toHaveBeenCalledTimes(1)
  expect(updated).toHaveLength(300)

  guard.checkUser('user-7')
  await vi.advanceTimersByTimeAsync(50)
  expect(live.mock.lastCall).toEqual([['session-7']])
})

test('who has no socket here costs no query, nor does anybody once it was stopped', async () => {
  const { guard, live } = create(1)
  guard.checkUser('somebody else')
  await vi.advanceTimersByTimeAsync(50)
  guard.checkUser('user-0')
  guard.stop()
  await vi.advanceTimersByTimeAsync(50)
  expect(live).not.toHaveBeenCalled()
})
