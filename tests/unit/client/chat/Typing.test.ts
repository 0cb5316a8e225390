import { expect, test } from 'vitest'
import { Typing } from '@/client/chat/Typing'
import { playedTransport } from '../support/testRuntime'
import { loadedRoom } from './support/loadedRoom'

const talking = (stage = loadedRoom()) => {
  const said: unknown[] = []
  let changes = 0
  const link = { connected: true }
  const typing = new Typing(stage.runtime, {
    transport: playedTransport(async (_command, input) => void said.push(input)),
    link,
    cache: stage.cache,
    changed: () => {
      changes += 1
    },
  })
  return { ...stage, typing, said, link, changes: () => changes }
}
const room = 'room'

test('somebody who types is shown until they stop, send, or say nothing for six seconds', async () => {
  const { typing, clock, changes } = talking()
  typing.hear({ roomId: room, userId: 'ada', on: true })
  typing.hear({ roomId: room, userId: 'bob', on: true })
  expect(typing.inRoom(room)).toEqual(['ada', 'bob'])
  typing.hear({ roomId: room, userId: 'ada', on: false })
  expect(typing.inRoom(room)).toEqual(['bob'])
  await clock.pass(5_000)
  typing.hear({ roomId: room, userId: 'bob', on: true })
  await clock.pass(5_000)
  expect(typing.inRoom(room)).toEqual(['bob'])
  await clock.pass(1_001)
  expect(typing.inRoom(room)).toEqual([])
  expect(changes()).toBe(4)
})

test('oneself says so at once and then every three seconds, and that one has stopped once', async () => {
  const { typing, clock, said } = talking()
  const on = { roomId: room, on: true }
  for (let i = 0; i < 40; i += 1) {
    typing.say(room, true)
    await clock.pass(100)
  }
  expect(said).toEqual([on, on])
  typing.say(room, false)
  typing.say(room, false)
  expect(said.slice(2)).toEqual([{ roomId: room, on: false }])
})

test('nothing is said without a connection, nor in a room of more than a hundred', () => {
  const { typing, said, link, table, cache } = talking()
  link.connected = false
  typing.say(room, true)
  link.connected = true
  cache.get(table.id)?.describe({ ...table.row('me'), memberCount: 101 })
  typing.say(room, true)
  expect(said).toEqual([])
})
