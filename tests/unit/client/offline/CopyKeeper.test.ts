import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test } from 'vitest'
import { CopyKeeper } from '@/client/offline/CopyKeeper'
import { emptyCopy, ownCopy, readOwner, readRooms } from '@/client/offline/database'
import { COPY_MARK, forgetCopy } from '@/client/offline/forgetCopy'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { createLocalText } from '@/client/runtime/localText'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import type { CurrentUser } from '@/contracts/users'
import { waitFor } from '../../../support/waitFor'
import { userPermissions } from '../../support/sessionUsers'
import { TableRoom } from '../chat/support/TableRoom'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

const person = (id: string): CurrentUser => ({
  ...{ id, name: id, email: `${id}@example.com`, role: 'user', permissions: userPermissions },
})

const memoryText = () => {
  const texts = new Map<string, string>()
  return createLocalText(() => ({
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  }))
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** A room with that many messages, as the person sees it. */
const roomOf = (id: string, userId: string, messages: number): RoomData => {
  const table = new TableRoom([userId, 'grace'])
  for (let n = 1; n <= messages; n += 1) table.send('grace', `${id} ${n}`)
  const data = table.snapshot(userId, 50)
  const named = (message: ChatMessage) => ({ ...message, roomId: id })
  const { lastMessage } = data.room
  return {
    ...data,
    room: { ...data.room, id, ...(lastMessage && { lastMessage: named(lastMessage) }) },
    messages: data.messages.map(named),
  }
}

/** A page of that person, whose conversations the test gives. */
const openPage = (userId: string) => {
  const clock = new TestClock()
  const runtime = testRuntime({ clock })
  const changed = new EventEmitter()
  const state = { rooms: [] as RoomData[], isListed: true, restored: [] as RoomData[], keptPages: 0 }
  const localText = memoryText()
  const list = {
    subscribe: changed.on,
    getSnapshot: () => ({
      ...{ status: state.isListed ? 'ready' : 'loading', error: undefined, hasMore: false, unreadTotal: 0 },
      ...{ rooms: state.rooms.map(({ room }) => room), waiting: new Map() },
    }),
  }
  const keeper = new CopyKeeper(runtime, {
    // All of it that the keeper uses.
    chat: {
      list,
      snapshots: (most: number) => state.rooms.slice(0, most),
      restore: (rooms: RoomData[]) => void state.restored.push(...rooms),
    } as never,
    localText,
    keepPage: async () => {
      state.keptPages += 1
    },
  })
  return {
    ...{ keeper, state, localText, runtime },
    start: () => keeper.start(person(userId)),
    /** These are the conversations now, and time passes. */
    async has(...rooms: RoomData[]) {
      state.rooms = rooms
      changed.emit()
      await clock.pass(2_000)
      await settled()
    },
  }
}

const keptTexts = async (userId: string) =>
  (await readRooms(userId)).map(({ room, messages }) => [room.id, messages.at(-1)?.message])

test('keeps the conversations as they are, and a later page is given them', async () => {
  const page = openPage('ada')
  await page.start()
  expect(page.state.keptPages).toBe(1)
  await page.has(roomOf('a', 'ada', 2), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  await page.has(roomOf('a', 'ada', 3), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 3')

  const later = openPage('ada')
  await later.start()
  expect(later.state.restored.map(({ messages }) => messages.length)).toEqual([3, 1])
})

test('keeps no conversation that one is not in any more, or that lies further down than the latest twenty', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('left', 'ada', 1), roomOf('old', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  const twenty = Array.from({ length: 20 }, (_, n) => roomOf(`new${n}`, 'ada', 1))
  await page.has(...twenty, roomOf('old', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 20)
  expect((await keptTexts('ada')).map(([id]) => id)).not.toContain('old')
})

test('as long as the list is not known nothing is dropped', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('a', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
  const later = openPage('ada')
  later.state.isListed = false
  await later.start()
  await later.has()
  expect(await keptTexts('ada')).toHaveLength(1)
})

test('is of one person at a time: who comes next finds nothing, and who was signed out adds nothing', async () => {
  const adas = openPage('ada')
  await adas.start()
  await adas.has(roomOf('a', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 1)

  const bobs = openPage('bob')
  await bobs.start()
  expect(bobs.state.restored).toEqual([])
  expect((await readOwner())?.id).toBe('bob')
  // Ada's tab has not heard of it yet.
  await adas.has(roomOf('a', 'ada', 2))
  expect(await readRooms('ada')).toEqual([])
  expect(await readRooms('bob')).toEqual([])

  await bobs.has(roomOf('b', 'bob', 1))
  await waitFor(async () => (await keptTexts('bob')).length === 1)
  await forgetCopy(bobs.localText)
  expect(await readOwner()).toBeUndefined()
  await bobs.has(roomOf('b', 'bob', 2))
  expect(await readRooms('bob')).toEqual([])
})

test('where nothing was ever kept, forgetting opens no database', async () => {
  await forgetCopy(memoryText())
  expect(await indexedDB.databases()).toEqual([])
})

test('a browser that keeps no mark is given nothing to keep', async () => {
  const page = openPage('ada')
  page.localText.write = () => false
  await expect(page.start()).rejects.toThrow('The browser keeps nothing.')
  expect(await indexedDB.databases()).toEqual([])
  expect(page.localText.read(COPY_MARK)).toBeNull()
})

test('what another version kept in another form counts as nothing', async () => {
  await ownCopy({ id: 'ada' } as CurrentUser)
  expect(await readOwner()).toBeUndefined()
  await emptyCopy()
})
