import { expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import type { AdminNamespaceIo, AdminSocket } from '@/lib/sockets/core/sockets'
import { Canary } from '@/lib/sockets/health/Canary'
import type { Change } from '@/services/shared/changes'
import { silentLogger } from '@/services/shared/Logger'

const ada = { id: 'ada', name: 'Ada', role: 'admin' as const, permissions: [], sessionId: 's' }

/** What a change says of a stored message, as far as it matters here. */
const messageChange = (clientId: string, message: string): Change => ({
  type: 'message',
  message: { roomId: 'hidden', clientId, message } as ChatMessage,
})

/** A canary whose surroundings write down what it does. */
function aviary({ isPublished = true } = {}) {
  const log: string[] = []
  const publish = (change: Change): void => {
    canary.committed(change)
    if (change.type === 'message') log.push(`publish ${change.message.message}`)
    canary.published(change)
  }
  const canary: Canary = new Canary({
    rooms: { roomOf: async () => 'hidden', sweep: async () => void log.push('sweep') },
    send: async (_user, { clientId, message }) => {
      log.push('commit')
      if (isPublished) publish(messageChange(clientId, message))
    },
    // The one thing that is used of a namespace: a broadcast to a room.
    namespace: {
      to: (room: string) => ({
        emit: (event: string, { id }: { id: string }) => log.push(`${event} ${id} to ${room}`),
      }),
    } as unknown as AdminNamespaceIo,
    logger: silentLogger,
  })
  // The two things that are used of a socket.
  const socket = {
    join: async (room: string) => void log.push(`join ${room}`),
    leave: async (room: string) => void log.push(`leave ${room}`),
  } as unknown as AdminSocket
  return { canary, publish, socket, log }
}

test('a canary is in its room before it is sent, is published like any message, and is swept up at last', async () => {
  const { canary, socket, log } = aviary()
  const report = await canary.fly(socket, ada, 'c1')
  expect(log).toEqual([
    ...['join room:hidden', 'commit', 'publish canary', 'diagnostics:canary c1 to room:hidden'],
    ...['leave room:hidden', 'sweep'],
  ])
  const { acceptedMs, committedMs, publishedMs } = report
  expect([acceptedMs, committedMs, publishedMs]).toEqual(
    [acceptedMs, committedMs, publishedMs].toSorted((a, b) => a - b),
  )
})

test('other messages pass it by', () => {
  const { publish, log } = aviary()
  publish(messageChange('other', 'hello'))
  expect(log).toEqual(['publish hello'])
})

test('one that is stored and never published is an error, and leaves nothing behind', async () => {
  const { canary, socket, log } = aviary({ isPublished: false })
  await expect(canary.fly(socket, ada, 'c1')).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(log).toEqual(['join room:hidden', 'commit', 'leave room:hidden', 'sweep'])
})
