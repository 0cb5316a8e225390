import { expect, test, vi } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { ChangeRelay } from '@/lib/sockets/publishers/ChangeRelay'
import type { RevRange } from '@/services/chat/ports'
import { silentLogger } from '@/services/shared/Logger'
import { TableRoom } from '../../client/chat/support/TableRoom'

const never = (): never => {
  throw new Error('Nobody asks for this.')
}

/** A process with sockets in one room: what it reads, answered when the test says so, and what it tells them. */
const scene = () => {
  const room = new TableRoom(['ada', 'grace'])
  const told: ChatMessage[] = []
  const reads: { ranges: readonly RevRange[]; answer: (messages: ChatMessage[]) => void }[] = []
  const relay = new ChangeRelay({
    origin: { isPublishedHere: () => false },
    emitter: {
      hasSockets: (roomId) => roomId === room.id,
      message: (message) => told.push(message),
      ...{ read: never, room: never, removed: never },
    },
    messages: { changed: (ranges) => new Promise((answer) => reads.push({ ranges, answer })) },
    rooms: { memberIds: never },
    notifications: { byVersion: never },
    notifier: { created: never, updated: never, deleted: never, read: never, cleared: never, hasSockets: never },
    endSession: never,
    redisDoubted: never,
    logger: silentLogger,
  })
  const announce = (...rooms: [string, number, number][]) =>
    relay.handle({ type: 'messages', rooms, origin: 'other#1' })
  return { room, told, reads, announce }
}

test('of the announced rooms only those with sockets here are read', async () => {
  const { room, told, reads, announce } = scene()
  const sent = room.send('ada')
  announce(['elsewhere', 7, 9], [room.id, 1, 1])
  expect(reads.map(({ ranges }) => ranges)).toEqual([[{ roomId: room.id, fromRev: 1, toRev: 1 }]])
  reads[0]?.answer([sent])
  await vi.waitFor(() => expect(told).toEqual([sent]))
})

test('when no announced room has sockets here, nothing is read', () => {
  const { reads, announce } = scene()
  announce(['elsewhere', 1, 1], ['far away', 1, 2])
  expect(reads).toEqual([])
})

test('what is announced while a read is under way is read together after it', async () => {
  const { room, told, reads, announce } = scene()
  const sent = [room.send('ada'), room.send('grace'), room.send('ada')]
  announce([room.id, 1, 1])
  announce([room.id, 2, 2])
  announce([room.id, 3, 3])
  expect(reads).toHaveLength(1)
  reads[0]?.answer(sent.slice(0, 1))
  await vi.waitFor(() => expect(reads).toHaveLength(2))
  expect(reads[1]?.ranges.map(({ fromRev }) => fromRev)).toEqual([2, 3])
  reads[1]?.answer(sent.slice(1))
  await vi.waitFor(() => expect(told).toEqual(sent))
})
