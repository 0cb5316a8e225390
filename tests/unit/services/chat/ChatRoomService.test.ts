import { expect, test, vi } from 'vitest'
import type { RoomData } from '@/contracts/chat'
import { ChatRoomService } from '@/services/chat/ChatRoomService'
import type { RoomMember, RoomRepository } from '@/services/chat/ports'
import type { PresenceReader } from '@/services/presence/ports'
import type { Change } from '@/services/shared/changes'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const then = '2026-01-01T00:00:00.000Z'
const now = '2026-01-02T00:00:00.000Z'
const member = (id: string, isHidden = false): RoomMember => ({
  ...{ id, name: id, role: 'member', lastReadSeq: 0, isOnline: false, lastSeen: then },
  isHidden,
})
const person = (id: string) => {
  const { isHidden: _, ...participant } = member(id)
  return participant
}
const data: RoomData & { participants: RoomMember[] } = {
  room: {
    ...{ id: 'r1', kind: 'direct', memberCount: 2, updatedAt: then },
    ...{ lastSeq: 0, lastRev: 0, readRev: 0, lastReadSeq: 0, unread: 0, unreadMentions: 0 },
  },
  messages: [],
  participants: [member('ada'), member('grace')],
}

/** Grace is here; of Ada nothing is known. */
const presence: PresenceReader = { of: async () => new Map([['grace', { isOnline: true, lastSeen: now }]]) }

function create(rooms: Partial<RoomRepository>) {
  const published: Change[] = []
  const service = new ChatRoomService({
    rooms: partOf<RoomRepository>(rooms),
    publish: (change) => published.push(change),
    presence,
  })
  return { service, published }
}

test('a direct room that was made now is published to both; one that was there is not', async () => {
  const getOrCreateDirect = vi.fn<RoomRepository['getOrCreateDirect']>()
  getOrCreateDirect.mockResolvedValueOnce({ roomId: 'r1', created: true })
  getOrCreateDirect.mockResolvedValueOnce({ roomId: 'r1', created: false })
  const { service, published } = create({ getOrCreateDirect })
  expect(await service.getOrCreate(ada, 'grace')).toEqual({ roomId: 'r1', created: true })
  expect(await service.getOrCreate(ada, 'grace')).toEqual({ roomId: 'r1', created: false })
  expect(published).toEqual([{ type: 'room', roomId: 'r1', memberIds: ['ada', 'grace'] }])
  expect(getOrCreateDirect).toHaveBeenCalledWith('ada', 'grace')
})

test('a conversation with oneself is refused before anything is looked up', async () => {
  const { service } = create({})
  await expect(service.getOrCreate(ada, 'ada')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test.each(['nobody', 'removed'] as const)('a conversation is NOT_FOUND (%s), and nothing is published', async (why) => {
  const { service, published } = create({ getOrCreateDirect: async () => why })
  await expect(service.getOrCreate(ada, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(published).toEqual([])
})

test('a room is loaded with everybody’s presence; of whom none is known, the database’s word stays', async () => {
  const { service } = create({ load: async () => data })
  expect(await service.load('ada', 'r1')).toEqual({
    ...data,
    participants: [person('ada'), { ...person('grace'), isOnline: true, lastSeen: now }],
  })
})

test('the participants of a room have their presence as well', async () => {
  const { service } = create({ participants: async () => data.participants })
  expect((await service.participants('ada', 'r1')).map(({ isOnline }) => isOnline)).toEqual([false, true])
})

test('of somebody hidden nothing is told, though they are here: offline, never seen', async () => {
  const { service } = create({ participants: async () => [member('ada'), member('grace', true)] })
  expect(await service.participants('ada', 'r1')).toEqual([
    person('ada'),
    { ...person('grace'), isOnline: false, lastSeen: '1970-01-01T00:00:00.000Z' },
  ])
})

test('a room one is not in is NOT_FOUND', async () => {
  const { service } = create({ load: async () => null })
  await expect(service.load('ada', 'r9')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('lists are of the asking person', async () => {
  const list = vi.fn(async () => ({ rooms: [data.room], nextCursor: null }))
  const roomIdsOf = vi.fn(async () => ['r1'])
  const { service } = create({ list, roomIdsOf })
  expect(await service.list(ada, 'after')).toEqual({ rooms: [data.room], nextCursor: null })
  expect(await service.roomIdsOf('ada', ['r1', 'r2'])).toEqual(['r1'])
  expect([list.mock.calls, roomIdsOf.mock.calls]).toEqual([[['ada', 'after']], [['ada', ['r1', 'r2']]]])
})
