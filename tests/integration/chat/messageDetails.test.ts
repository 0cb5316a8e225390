import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { MessageDetails } from '@/contracts/messageDetails'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let linus: TestUser
let mallory: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 1 })
  const named = (name: string) => servers.user(name)
  ;[ada, grace, linus, mallory] = [
    await named('Ada'),
    await named('Grace'),
    await named('Linus'),
    await named('Mallory'),
  ]
  roomId = (await groupOf(ada, [grace, linus])).id
})

const send = async (by: TestUser, more: object = {}): Promise<ChatMessage> => {
  const input = { roomId, message: 'hello', clientId: randomUUID(), ...more }
  const { status, body } = await by.http('POST', '/api/chat/messages', input)
  expect(status, JSON.stringify(body)).toBe(201)
  return body as ChatMessage // the contract's answer
}
const ask = (by: TestUser, seqs: readonly number[], room = roomId) =>
  by.http('GET', `/api/chat/rooms/${room}/details?seqs=${seqs.join(',')}`)
const namesOf = async (...asked: Parameters<typeof ask>) =>
  ((await ask(...asked)).body as MessageDetails).people.map(({ name }) => name).sort()

test('names whom messages concern, also after they have left: who wrote, reacted, is named or answered', async () => {
  const byLinus = await send(linus)
  const reacted = await send(ada, { replyToId: byLinus.id })
  await grace.http('PUT', `/api/chat/messages/${reacted.id}/reactions`, { emoji: '👍', on: true })
  const naming = await send(ada, { message: 'Ask @Linus', mentions: [linus.id] })
  const left = await linus.http('DELETE', `/api/chat/rooms/${roomId}/participants/${linus.id}`)
  expect(left.status).toBe(200)

  expect(await namesOf(ada, [byLinus.seq])).toEqual(['Linus'])
  expect(await namesOf(ada, [reacted.seq])).toEqual(['Ada', 'Grace', 'Linus'])
  expect(await namesOf(ada, [naming.seq, naming.seq])).toEqual(['Ada', 'Linus'])
  const { body } = await ask(grace, [byLinus.seq, reacted.seq, 2_000_000_000])
  expect(body).toMatchObject({ ownReactions: { [reacted.id]: ['👍'] } })
  // That somebody left says who it was.
  expect(await namesOf(ada, [naming.seq + 1])).toEqual(['Linus'])
})

test('tells nothing of other rooms, and nothing to who is not in this one', async () => {
  const { id: other } = await directRoom(ada, mallory)
  await send(mallory, { roomId: other })
  expect(await ask(mallory, [1, 2, 3])).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  expect(await ask(linus, [1])).toMatchObject({ status: 404 })
  expect(await namesOf(ada, [1], other)).toEqual(['Mallory'])
  expect((await ask(ada, [999])).status).toBe(404)
})

test('is asked about so many messages at once, by whole places', async () => {
  const tooMany = Array.from({ length: limits.messageDetails + 1 }, (_, seq) => seq + 1)
  expect(await ask(ada, tooMany)).toMatchObject({ status: 400 })
  expect(await ask(ada, tooMany.slice(1))).toMatchObject({ status: 200 })
  const wrong = await ada.http('GET', `/api/chat/rooms/${roomId}/details?seqs=1,x`)
  expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
})
