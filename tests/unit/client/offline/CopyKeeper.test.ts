import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import { CopyKeeper } from '@/client/offline/CopyKeeper'
import { ownCopy, readOwner, readRooms } from '@/client/offline/database'
import { forgetCopy } from '@/client/offline/forgetCopy'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import { COPY_DATABASE } from '@/contracts/shell'
import type { CurrentUser } from '@/contracts/users'
import { waitFor } from '../../../support/waitFor'
import { userPermissions } from '../../support/sessionUsers'
import { TableRoom } from '../chat/support/TableRoom'
import { settled, TestClock } from '../support/TestClock'
import { quietPage, testRuntime } from '../support/testRuntime'

const person = (id: string): CurrentUser => ({
  ...{ id, name: id, email: `${id}@example.com`, role: 'user', permissions: userPermissions },
})

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
  const [changed, putAside] = [new EventEmitter(), new EventEmitter()]
  const runtime = testRuntime({ clock, page: { ...quietPage, onChange: putAside.on } })
  const state = { rooms: [] as RoomData[], isLoaded: true, isListed: true, restored: [] as RoomData[], keptPages: 0 }
  const list = {
    subscribe: changed.on,
    getSnapshot: () => ({
      ...{ status: 'ready', error: undefined, hasMore: false, unreadTotal: 0 },
      ...{ rooms: state.rooms.map(({ room }) => room), waiting: new Map() },
    }),
  }
  const keeper = new CopyKeeper(runtime, {
    // All of it that the keeper uses.
    chat: {
      list,
      get isListed() {
        return state.isListed
      },
      snapshots: (most: number) => (state.isLoaded ? state.rooms.slice(0, most) : []),
      restore: (rooms: RoomData[]) => void state.restored.push(...rooms),
    } as never,
    keepPage: async () => {
      state.keptPages += 1
    },
  })
  const change = async (rooms: RoomData[], ms: number) => {
    state.rooms = rooms
    changed.emit()
    await clock.pass(ms)
    await settled()
  }
  return {
    ...{ keeper, state, runtime },
    start: (restores = false) => keeper.start(person(userId), restores),
    /** These are the conversations now, and time passes. */
    has: (...rooms: RoomData[]) => change(rooms, 2_000),
    /** These are the conversations now, this very moment. */
    hasJustNow: (...rooms: RoomData[]) => change(rooms, 0),
    /** The tab is hidden, or the network goes. */
    putAside: () => putAside.emit(),
  }
}

const keptTexts = async (userId: string) =>
  (await readRooms(userId)).map(({ room, messages }) => [room.id, messages.at(-1)?.message])

test('keeps the conversations as they are, and a later page that no server rendered is given them', async () => {
  const page = openPage('ada')
  await page.start()
  expect(page.state.keptPages).toBe(1)
  await page.has(roomOf('a', 'ada', 2), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  await page.has(roomOf('a', 'ada', 3), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 3')

  const later = openPage('ada')
  await later.start(true)
  expect(later.state.restored.map(({ messages }) => messages.length)).toEqual([3, 1])
})

test('a page that the server rendered knows better, and is given nothing', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('a', 'ada', 2))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
  const later = openPage('ada')
  await later.start()
  expect(later.state.restored).toEqual([])
})

test('keeps no conversation that one is not in any more, or that lies further down than the latest twenty', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('left', 'ada', 1), roomOf('old', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  const twenty = Array.from({ length: 20 }, (_, n) => roomOf(`new${n}`, 'ada', 1))
  const old = roomOf('old', 'ada', 1)
  await page.has(...twenty, old)
  const keptIds = async () => (await readRooms('ada')).map(({ room }) => room.id)
  await waitFor(async () => (await keptIds()).length === 20)
  expect(await keptIds()).not.toContain('old')

  await page.has(old, ...twenty.slice(1))
  await waitFor(async () => (await keptIds()).includes('old'))
  await page.has(...twenty, old)
  await waitFor(async () => !(await keptIds()).includes('old'))
  await page.has(old, ...twenty.slice(1)) // as it was
  await waitFor(async () => (await keptIds()).includes('old'))

  const later = openPage('ada')
  await later.start()
  await later.has(roomOf('new1', 'ada', 1))
  await waitFor(async () => (await keptIds()).length === 1)
})

test('what changes after a quiet moment is kept at once; what follows, two seconds later or when the page is put aside', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('a', 'ada', 1))
  await page.hasJustNow(roomOf('a', 'ada', 2))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 2')
  await page.hasJustNow(roomOf('a', 'ada', 3))
  page.putAside()
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 3')
  await page.hasJustNow(roomOf('a', 'ada', 4))
  expect(await keptTexts('ada')).toEqual([['a', 'a 3']])
  await page.has(roomOf('a', 'ada', 4))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 4')
})

test('a tab that slept does not take the place of what another has kept since', async () => {
  const [other, slept] = [openPage('ada'), openPage('ada')]
  await other.start()
  await other.has(roomOf('a', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
  await slept.start(true)
  await other.has(roomOf('a', 'ada', 3))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 3')
  await slept.has(roomOf('a', 'ada', 2), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  expect(await keptTexts('ada')).toEqual([
    ['a', 'a 3'],
    ['b', 'b 1'],
  ])
  await slept.has(roomOf('a', 'ada', 4), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 4')
})

test('a tab that slept drops nothing that another has kept since, and puts nothing older in its place', async () => {
  const [slept, other] = [openPage('ada'), openPage('ada')]
  const twenty = Array.from({ length: 20 }, (_, n) => roomOf(`room${n}`, 'ada', 1))
  const late = roomOf('late', 'ada', 1)
  await slept.start()
  await slept.has(...twenty, late)
  await waitFor(async () => (await keptTexts('ada')).length === 20)
  await other.start()
  await other.has(roomOf('late', 'ada', 3), roomOf('unheard', 'ada', 1), ...twenty.slice(2))
  const kept = async () => Object.fromEntries(await keptTexts('ada'))
  await waitFor(async () => (await kept()).unheard !== undefined)

  await slept.has(roomOf('room0', 'ada', 2), ...twenty.slice(1), late)
  await waitFor(async () => (await kept()).room0 === 'room0 2')
  expect(await kept()).toMatchObject({ late: 'late 3', unheard: 'unheard 1' })

  await slept.has(late, roomOf('room0', 'ada', 3), ...twenty.slice(1))
  await waitFor(async () => (await kept()).room0 === 'room0 3')
  expect(await kept()).toMatchObject({ late: 'late 3', unheard: 'unheard 1' })
})

test('a conversation that one is not in any more is dropped by any page, also one that never loaded it', async () => {
  const [page, other] = [openPage('ada'), openPage('ada')]
  page.state.isLoaded = false
  await page.start()
  await other.start()
  await other.has(roomOf('a', 'ada', 1), roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 2)
  other.runtime.stop()
  await page.has(roomOf('a', 'ada', 1), roomOf('b', 'ada', 1))
  await page.has(roomOf('b', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
  expect(await keptTexts('ada')).toEqual([['b', 'b 1']])
})

test('where the server’s database was put back, what it has now takes the place of what was kept', async () => {
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('a', 'ada', 3))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
  await page.has(roomOf('a', 'ada', 2))
  await waitFor(async () => (await keptTexts('ada'))[0]?.[1] === 'a 2')

  for (const [restores, messages] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const later = openPage('ada')
    await later.start(restores)
    await later.has({ ...roomOf('a', 'ada', messages) })
    await waitFor(async () => (await readRooms('ada'))[0]?.messages.length === messages)
  }
})

test('as long as the list is not known nothing is dropped, whatever is shown', async () => {
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
  await bobs.start(true)
  expect(bobs.state.restored).toEqual([])
  expect((await readOwner())?.id).toBe('bob')
  // Ada's tab has not heard of it yet.
  await adas.has(roomOf('a', 'ada', 2))
  expect(await readRooms('ada')).toEqual([])
  expect(await readRooms('bob')).toEqual([])

  await bobs.has(roomOf('b', 'bob', 1))
  await waitFor(async () => (await keptTexts('bob')).length === 1)
  await forgetCopy()
  expect(await readOwner()).toBeUndefined()
  await bobs.has(roomOf('b', 'bob', 2))
  expect(await readRooms('bob')).toEqual([])
})

test('nothing is written back for who signs out while it is being opened, nor after that', async () => {
  const page = openPage('ada')
  const starting = page.start()
  page.runtime.stop()
  await forgetCopy()
  await starting
  await page.keeper.own(person('ada'))
  expect(await readOwner()).toBeUndefined()
  expect(page.state.keptPages).toBe(0)
})

test('forgetting leaves no database, also where there was none', async () => {
  await forgetCopy()
  await openPage('ada').start()
  await forgetCopy()
  expect(await indexedDB.databases()).toEqual([])
})

test('what another version kept in another form counts as nothing', async () => {
  await ownCopy({ id: 'ada' } as CurrentUser, new AbortController().signal)
  expect(await readOwner()).toBeUndefined()

  await openPage('ada').start()
  const database = await openDB(COPY_DATABASE)
  await database.put('rooms', { id: 'a' }, 'a')
  database.close()
  expect(await readRooms('ada')).toEqual([])
  const page = openPage('ada')
  await page.start()
  await page.has(roomOf('a', 'ada', 1))
  await waitFor(async () => (await keptTexts('ada')).length === 1)
})
