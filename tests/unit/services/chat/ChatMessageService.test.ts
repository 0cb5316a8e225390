import { expect, test, vi } from 'vitest'
import type { ChatMessage, Participant } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { ChatMessageService, type ChatMessageServiceDeps } from '@/services/chat/ChatMessageService'
import type { InsertOutcome, MessageRepository, NewMessage, RoomRepository } from '@/services/chat/ports'
import type { Change } from '@/services/shared/changes'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const stored: ChatMessage = {
  id: 'm1',
  roomId: 'r1',
  seq: 1,
  rev: 1,
  senderId: 'ada',
  clientId: 'c1',
  message: 'hello',
  createdAt: '2026-01-01T00:00:00.000Z',
}
const grace: Participant = {
  id: 'grace',
  name: 'Grace',
  role: 'member',
  lastReadSeq: 0,
  isOnline: true,
  lastSeen: '2026-01-01T00:00:00.000Z',
}

function create(deps: Partial<ChatMessageServiceDeps> = {}) {
  const published: Change[] = []
  const service = new ChatMessageService({
    messages: partOf<MessageRepository>({}),
    rooms: partOf<RoomRepository>({}),
    publish: (change) => published.push(change),
    participants: async () => [grace],
    store: async () => ({ outcome: 'new', message: stored }),
    ...deps,
  })
  return { service, published }
}

const hello = { roomId: 'r1', message: 'hello', clientId: 'c1' }

test('a message is stored under its sender, published once it is, and answered as it was stored', async () => {
  const order: string[] = []
  const store = vi.fn(async (_: NewMessage): Promise<InsertOutcome> => {
    await new Promise(setImmediate)
    order.push('stored')
    return { outcome: 'new', message: stored }
  })
  const { service } = create({ store, publish: ({ type }) => order.push(`published ${type}`) })
  expect(await service.send(ada, hello)).toEqual({ message: stored, created: true })
  expect(store).toHaveBeenCalledExactlyOnceWith({ ...hello, id: expect.any(String), senderId: 'ada' })
  expect(order).toEqual(['stored', 'published message'])
})

test('what was new is published whole', async () => {
  const { service, published } = create()
  await service.send(ada, hello)
  expect(published).toEqual([{ type: 'message', message: stored }])
})

test('every send gets an id of its own', async () => {
  const store = vi.fn(async (_: NewMessage): Promise<InsertOutcome> => ({ outcome: 'new', message: stored }))
  const { service } = create({ store })
  await service.send(ada, hello)
  await service.send(ada, hello)
  expect(new Set(store.mock.calls.map(([{ id }]) => id)).size).toBe(2)
})

test('a repeated send answers what was stored before and publishes nothing', async () => {
  const { service, published } = create({ store: async () => ({ outcome: 'duplicate', message: stored }) })
  expect(await service.send(ada, hello)).toEqual({ message: stored, created: false })
  expect(published).toEqual([])
})

test.each<[what: string, outcome: InsertOutcome, code: string]>([
  ['a clientId used for another message', { outcome: 'conflict' }, 'CONFLICT'],
  ['a room one is not in', { outcome: 'not_found' }, 'NOT_FOUND'],
  ['a message that could not be stored', { outcome: 'failed', error: new AppError('UNAVAILABLE') }, 'UNAVAILABLE'],
])('%s is refused and published nowhere', async (_, outcome, code) => {
  const { service, published } = create({ store: async () => outcome })
  await expect(service.send(ada, hello)).rejects.toMatchObject({ code })
  expect(published).toEqual([])
})

test('nobody sends or reads in another’s name; one’s own id may be said', async () => {
  const read = { roomId: 'r1', userId: 'ada', count: 1, lastReadSeq: 1 }
  const store = vi.fn(async (): Promise<InsertOutcome> => ({ outcome: 'new', message: stored }))
  const rooms = partOf<RoomRepository>({
    markRead: async () => ({ read, changed: true, toReader: false, notificationIds: [] }),
  })
  const { service } = create({ store, rooms })
  await expect(service.send(ada, { ...hello, senderId: 'grace' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(service.markRead(ada, { roomId: 'r1', userId: 'grace' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(store).not.toHaveBeenCalled()
  await service.send(ada, { ...hello, senderId: 'ada' })
  expect(await service.markRead(ada, { roomId: 'r1', userId: 'ada' })).toEqual(read)
})

test.each([
  ['that moved is published', true, 1],
  ['that did not move is answered and not published', false, 0],
])('a read position %s', async (_, changed, times) => {
  const read = { roomId: 'r1', userId: 'ada', count: 3, lastReadSeq: 7 }
  const markRead = vi.fn(async () => ({ read, changed, toReader: false, notificationIds: [] }))
  const { service, published } = create({ rooms: partOf<RoomRepository>({ markRead }) })
  expect(await service.markRead(ada, { roomId: 'r1', upToSeq: 7 })).toEqual(read)
  expect(markRead).toHaveBeenCalledWith('ada', 'r1', 7)
  expect(published).toEqual(Array(times).fill({ type: 'read', read, toReader: false }))
})

test('a room one is not in is NOT_FOUND to who reads in it or asks for its history', async () => {
  const { service } = create({
    rooms: partOf<RoomRepository>({ markRead: async () => null }),
    messages: partOf<MessageRepository>({ history: async () => null }),
  })
  await expect(service.markRead(ada, { roomId: 'r9' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(service.history(ada, { roomId: 'r9', limit: 50 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the newest page of history says who is in the room, an older one does not', async () => {
  const history = vi.fn(async () => ({ messages: [stored], hasMore: false }))
  const { service } = create({ messages: partOf<MessageRepository>({ history }) })
  const newest = await service.history(ada, { roomId: 'r1', limit: 50 })
  const older = await service.history(ada, { roomId: 'r1', beforeSeq: 5, limit: 20 })
  expect(newest).toEqual({ messages: [stored], hasMore: false, participants: [grace] })
  expect(older).toEqual({ messages: [stored], hasMore: false })
  expect(history.mock.calls).toEqual([
    ['ada', { roomId: 'r1', limit: 50 }],
    ['ada', { roomId: 'r1', beforeSeq: 5, limit: 20 }],
  ])
})

test('who catches up may give a bare lastRev, or the read positions’ rev with it; the answer is counted', async () => {
  const changes = { r1: { gone: true } as const }
  const changesSince = vi.fn(async () => changes)
  const onCatchUp = vi.fn()
  const { service } = create({ messages: partOf<MessageRepository>({ changesSince }), onCatchUp })
  const answer = await service.sync(ada, { rooms: { r1: 4, r2: { lastRev: 5, readRev: 6 } } })
  expect(answer).toEqual({ rooms: changes })
  expect(onCatchUp).toHaveBeenCalledExactlyOnceWith(answer)
  expect(changesSince).toHaveBeenCalledWith(
    'ada',
    new Map([
      ['r1', { lastRev: 4, readRev: undefined }],
      ['r2', { lastRev: 5, readRev: 6 }],
    ]),
  )
})
