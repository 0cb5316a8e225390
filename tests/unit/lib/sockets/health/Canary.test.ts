import { expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import type { AdminNamespaceIo, AdminSocket } from '@/lib/sockets/core/sockets'
import { Canary } from '@/lib/sockets/health/Canary'
import type { ChatPublisher } from '@/services/chat/ports'
import { silentLogger } from '@/services/shared/Logger'

const ada = { id: 'ada', name: 'Ada', role: 'admin' as const, sessionId: 's' }

/** A canary whose surroundings write down what it does. */
function aviary({ isPublished = true } = {}) {
  const log: string[] = []
  const publisher: ChatPublisher = {
    messageSent: ({ message }) => void log.push(`publish ${message}`),
    messagesRead: () => {},
    roomCreated: () => {},
    participantRemoved: () => {},
  }
  const canary: Canary = new Canary(() => ({
    rooms: { roomOf: async () => 'hidden', sweep: async () => void log.push('sweep') },
    send: async (_user, { clientId, message }) => {
      log.push('commit')
      // What a publisher is given of a stored message, as far as it matters here.
      if (isPublished) watched.messageSent({ roomId: 'hidden', clientId, message } as ChatMessage)
    },
    // The one thing that is used of a namespace: a broadcast to a room.
    namespace: {
      to: (room: string) => ({
        emit: (event: string, { id }: { id: string }) => log.push(`${event} ${id} to ${room}`),
      }),
    } as unknown as AdminNamespaceIo,
    logger: silentLogger,
  }))
  const watched = canary.watch(publisher)
  // The two things that are used of a socket.
  const socket = {
    join: async (room: string) => void log.push(`join ${room}`),
    leave: async (room: string) => void log.push(`leave ${room}`),
  } as unknown as AdminSocket
  return { canary, watched, socket, log }
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
  const { watched, log } = aviary()
  watched.messageSent({ roomId: 'r', clientId: 'other', message: 'hello' } as ChatMessage) // all that is looked at
  expect(log).toEqual(['publish hello'])
})

test('one that is stored and never published is an error, and leaves nothing behind', async () => {
  const { canary, socket, log } = aviary({ isPublished: false })
  await expect(canary.fly(socket, ada, 'c1')).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(log).toEqual(['join room:hidden', 'commit', 'leave room:hidden', 'sweep'])
})
