import { expect, test } from 'vitest'
import { ChatStore } from '@/client/chat/ChatStore'
import { Outbox } from '@/client/outbox/Outbox'
import { noChannel } from '@/client/outbox/tabChannel'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import type { ChatLink } from '@/client/transport/SocketClient'
import { type ChatMessage, chatCommands } from '@/contracts/chat'
import type { SystemChange } from '@/contracts/chatShapes'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport, quietPage, testRuntime } from '../support/testRuntime'
import { me } from './support/loadedRoom'
import { TableRoom } from './support/TableRoom'

const system = (message: ChatMessage, change: SystemChange): ChatMessage => ({
  ...message,
  kind: 'system',
  system: change,
})

/** One person's conversations, with a server of one room and a connection whose events the test makes. */
const openStore = async ({ live = true, isListed = true } = {}) => {
  const table = new TableRoom([me, 'ada'])
  table.send('ada')
  const clock = new TestClock()
  const changed = new EventEmitter()
  const page = { ...quietPage, visible: true, isVisible: () => page.visible, onChange: changed.on, changed }
  const runtime = testRuntime({ clock, page })
  const asked: string[] = []
  const answers: Record<string, (input: never) => unknown> = {
    listRooms: () => ({ rooms: isListed ? [table.row(me)] : [], nextCursor: null }),
    joinRoom: () => table.snapshot(me, 50),
    history: () => ({ ...table.history(100, 1), participants: table.snapshot(me, 50).participants }),
    syncRooms: ({ rooms }: { rooms: { room: { lastRev: number; readRev: number } } }) => ({
      rooms: { room: table.sync(rooms.room, 200) },
    }),
    ping: () => {
      throw new AppError('UNAVAILABLE')
    },
    sendMessage: ({ message, clientId }: { message: string; clientId: string }) => table.send(me, message, clientId),
    editMessage: () => table.edit(2),
    deleteMessage: () => table.edit(2),
  }
  const transport = playedTransport(async ({ name }, input) => {
    asked.push(name)
    return answers[name]?.(input as never) // each answer knows what its command carries
  })
  const listeners = new Map<string, (payload: unknown) => void>()
  const events = { connectedNow: new EventEmitter(), changed: new EventEmitter(), heartbeat: new EventEmitter() }
  const state = { connected: live, downSince: live ? undefined : clock.now() }
  const on = (name: string, listener: (payload: unknown) => void) => void listeners.set(name, listener)
  const link = { ...events, ...state, on, abandon() {} } as unknown as ChatLink // all of it that the store uses
  let made = 0
  const createClientId = () => {
    made += 1
    return `made ${made}`
  }
  const outbox = new Outbox(runtime, {
    ...{ userId: me, tabId: 'tab', locks: undefined, channel: noChannel, createClientId, isCutOff: () => false },
    findRoom: () => Promise.reject(new Error('All rooms are known here.')),
    openDatabase: () => Promise.reject(new Error('refused')),
    send: ({ roomId, message, clientId, change }) =>
      change === undefined
        ? transport.call(chatCommands.sendMessage, { roomId, message, clientId })
        : transport.call(change.kind === 'edit' ? chatCommands.editMessage : chatCommands.deleteMessage, {
            ...{ messageId: change.messageId, message, clientId },
          }),
  })
  const store = new ChatStore(runtime, { userId: me, transport, link, outbox, createClientId, loadAhead: 0 })
  store.start()
  outbox.start()
  const close = isListed ? store.openConversation('room') : () => {}
  await settled()
  const hear = async (name: string, payload: unknown) => {
    listeners.get(name)?.(payload)
    await settled()
  }
  const count = (name: string) => asked.filter((command) => command === name).length
  const view = () => store.conversation('room').getSnapshot()
  return { store, table, clock, page, runtime, answers, asked, count, hear, view, close }
}

test('a message that is acknowledged while its edit is typed is edited at the server, and so it is deleted', async () => {
  const { store, count, view } = await openStore()
  store.sendMessage('room', 'helo')
  const [bubble] = view().outgoing
  await settled()
  expect(view().outgoing).toEqual([])

  store.editMessage('room', { clientId: bubble?.clientId ?? '' }, 'hello')
  await settled()
  store.deleteMessage('room', { clientId: bubble?.clientId ?? '' })
  await settled()

  expect([count('editMessage'), count('deleteMessage')]).toEqual([1, 1])
  expect(() => store.editMessage('room', { clientId: 'unknown' }, 'hello')).toThrow(AppError)
})

test('a change of a room that is told and does not follow is read; one that follows is not', async () => {
  const { table, clock, count, hear, view, answers } = await openStore()
  const opened = count('joinRoom')
  await hear('receiveMessage', system(table.send('ada'), { type: 'renamed', name: 'New' }))
  await hear('roomUpdated', { ...table.row(me), name: 'New' })
  await clock.pass(5_000)
  expect(count('joinRoom')).toBe(opened)

  await hear('receiveMessage', system(table.send('ada'), { type: 'renamed', name: 'Newer' }))
  answers.joinRoom = () => {
    throw new Error('no network')
  }
  await clock.pass(5_000)
  expect(count('joinRoom')).toBeGreaterThan(opened + 1)
  expect(view().room?.name).toBe('New')
  answers.joinRoom = () => ({ ...table.snapshot(me, 50), room: { ...table.row(me), name: 'Newer' } })
  await clock.pass(30_000)
  expect(view().room?.name).toBe('Newer')
  const before = count('joinRoom')
  await clock.pass(60_000)
  expect(count('joinRoom')).toBe(before)
})

test('a change of a message in a room that is not on the list reads nothing; a new message reads the list', async () => {
  const { table, count, hear } = await openStore({ isListed: false })
  const before = count('listRooms')
  for (let i = 0; i < 10; i += 1) await hear('messageUpdated', table.edit(1))
  expect(count('listRooms')).toBe(before)
  await hear('receiveMessage', table.send('ada'))
  expect(count('listRooms')).toBe(before + 1)
})

test('who is in the room is read again when somebody left while it was read', async () => {
  const { table, clock, count, hear, view, answers } = await openStore()
  const ghost = { ...(answers.history?.(undefined as never) as object) }
  let answer = (_page: unknown) => {}
  answers.history = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  await hear('receiveMessage', { ...table.send('ada'), senderId: 'stranger' })
  await clock.pass(1_500)
  expect(count('history')).toBe(1)
  await hear('receiveMessage', system(table.send('ada'), { type: 'left', userIds: ['ada'] }))
  answer(ghost)
  await settled()
  expect(view().participants.map(({ id }) => id)).toEqual([me])
  await clock.pass(1_500)
  expect(count('history')).toBe(2)
})

test('who is in the room is read until it works, whatever else happens', async () => {
  const { table, clock, count, hear, view, answers } = await openStore()
  const history = answers.history
  answers.history = () => {
    throw new Error('no network')
  }
  await hear('receiveMessage', { ...table.send('ada'), senderId: 'stranger' })
  const before = view().participants
  await clock.pass(5_000)
  expect(count('history')).toBeGreaterThan(1)
  answers.history = (page) => {
    const answer = history?.(page) as { participants: object[] }
    return { ...answer, participants: [...answer.participants, { ...answer.participants[0], id: 'stranger' }] }
  }
  await clock.pass(30_000)
  expect(view().participants.map(({ id }) => id)).toEqual([...before.map(({ id }) => id), 'stranger'])
  const times = count('history')
  await clock.pass(60_000)
  expect(count('history')).toBe(times)
})

test('whose name is not known is asked for where somebody looks, and in a large room not by all at once', async () => {
  const { store, table, clock, page, count, hear, close } = await openStore()
  page.visible = false
  await hear('receiveMessage', table.send('ada', 'x', 'x1'))
  await hear('receiveMessage', { ...table.send('ada'), senderId: 'stranger' })
  await clock.pass(60_000)
  expect(count('history')).toBe(0)
  page.visible = true
  store.shown()
  await clock.pass(1_500)
  expect(count('history')).toBe(1)

  close()
  await hear('roomUpdated', { ...table.row(me), memberCount: 1_000 })
  await hear('receiveMessage', { ...table.send('ada'), senderId: 'another' })
  await clock.pass(60_000)
  expect(count('history')).toBe(1)
  store.openConversation('room')
  await clock.pass(5_000) // half of what it may take
  expect(count('history')).toBe(1)
  await clock.pass(1_000)
  expect(count('history')).toBe(2)
})

test('without a live connection whoever was taken out of an open room learns of it at the next poll', async () => {
  const { clock, answers, view } = await openStore({ live: false })
  answers.syncRooms = () => ({ rooms: { room: { gone: true } } })
  answers.listRooms = () => ({ rooms: [], nextCursor: null })
  await clock.pass(10_000)
  expect(view().status).toBe('gone')
})

test('that nobody looks any more is said at once, not with the next heartbeat', async () => {
  const { page, answers } = await openStore()
  const said: unknown[] = []
  answers.ping = (question) => {
    said.push(question)
    throw new AppError('UNAVAILABLE')
  }
  page.visible = false
  page.changed.emit()
  await settled()
  expect(said).toMatchObject([{ away: true }])
})
