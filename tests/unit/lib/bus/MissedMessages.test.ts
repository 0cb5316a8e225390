import { expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { MissedMessages } from '@/lib/bus/MissedMessages'
import { TableRoom } from '../../client/chat/support/TableRoom'

/** A process with sockets in one room, and what it tells them. */
const scene = () => {
  const room = new TableRoom(['ada', 'grace'])
  const told: ChatMessage[] = []
  const asked: string[][] = []
  const missed = new MissedMessages({
    roomIds: () => [room.id],
    recent: async (roomIds) => {
      asked.push([...roomIds])
      return room.all().map((message) => ({ type: 'message', message }))
    },
    tell: ({ message }) => told.push(message),
    logger: { debug() {}, info() {}, warn() {}, error() {}, isDebugging: false, scope: () => never() },
  })
  return { room, missed, told, asked }
}

const never = (): never => {
  throw new Error('Nobody asks for this.')
}

test('what was missed is told once, however often it is looked for', async () => {
  const { room, missed, told, asked } = scene()
  const first = room.send('ada')
  await missed.look(1_000)
  await missed.look(1_000)
  const second = room.send('grace')
  await missed.look(1_000)

  expect(told).toEqual([first, second])
  expect(asked).toEqual([[room.id], [room.id], [room.id]])
})

test('those who were moved into rooms since then are told again', async () => {
  const { room, missed, told } = scene()
  const message = room.send('ada')
  await missed.look(1_000)

  missed.forget()
  await missed.look(1_000)

  expect(told).toEqual([message, message])
})
