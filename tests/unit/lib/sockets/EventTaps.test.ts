import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { expect, it, vi } from 'vitest'
import { EventTaps } from '@/lib/sockets/EventTaps'
import type { SessionUser } from '@/services/shared/SessionUser'

it('a server that closes closes with somebody listening', async () => {
  const io = new Server(createServer())
  const [chat, notifications] = [io.of('/chat'), io.of('/notifications')]
  const taps = new EventTaps({ chat, notifications, memberships: { update: async () => {} } } as never) // as much as is asked of them
  await taps.listen({ id: 'ada' } as SessionUser, () => {}) // likewise
  const closed = [chat, notifications].map(({ adapter }) => vi.spyOn(adapter, 'close'))
  // Its server never listened.
  await io.close().catch(() => {})
  for (const close of closed) expect(close).toHaveBeenCalled()
})
