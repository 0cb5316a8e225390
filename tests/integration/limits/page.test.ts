import { beforeAll, expect, test } from 'vitest'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, Surroundings, textsOf } from '../client/pages'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ limits: { 'chat-messages': { points: 5, seconds: 2 } } })
})

async function openConversation(surroundings?: Surroundings) {
  freshStorage()
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const page = openPage(servers, ada, surroundings)
  page.chat.openConversation(roomId)
  await waitFor(() => page.chat.conversation(roomId).getSnapshot().status === 'ready')
  const seen: { blocked: boolean; remaining: number | undefined }[] = []
  page.sendLimits.messages.subscribe(() => {
    const { blockedUntil, remaining } = page.sendLimits.messages.getSnapshot()
    seen.push({ blocked: blockedUntil !== undefined, remaining })
  })
  return { page, roomId, seen }
}

const texts = Array.from({ length: 13 }, (_, index) => `message ${index + 1}`)

test('what is typed faster than the limit allows goes out by itself, once, in order and without a failure', async () => {
  const { page, roomId, seen } = await openConversation()
  await waitFor(() => page.connection.getSnapshot().state === 'connected')
  const failed: string[] = []
  page.chat.conversation(roomId).subscribe(() => {
    for (const { state, message } of page.chat.conversation(roomId).getSnapshot().outgoing)
      if (state === 'failed') failed.push(message)
  })
  for (const text of texts) page.chat.sendMessage(roomId, text)

  await waitFor(() => textsOf(page, roomId).length === texts.length, { timeoutMs: 30_000 })
  expect(textsOf(page, roomId)).toEqual(texts)
  expect(failed).toEqual([])
  const { rows } = await servers.db.query('SELECT message FROM messages WHERE room_id = $1 ORDER BY seq', [roomId])
  expect(rows.map(({ message }) => message)).toEqual(texts)
  // Warned with the last fifth, then blocked.
  expect(seen.slice(0, 3)).toEqual([
    { blocked: false, remaining: 1 },
    { blocked: false, remaining: 0 },
    { blocked: true, remaining: undefined },
  ])
})

test('the same over HTTP, where nothing but the refusal speaks of the limit', async () => {
  const surroundings = new Surroundings()
  surroundings.socketUrl = 'http://127.0.0.1:9' // nobody listens
  const { page, roomId, seen } = await openConversation(surroundings)
  for (const text of texts) page.chat.sendMessage(roomId, text)

  await waitFor(() => textsOf(page, roomId).length === texts.length, { timeoutMs: 40_000 })
  expect(textsOf(page, roomId)).toEqual(texts)
  expect(seen[0]).toEqual({ blocked: true, remaining: undefined })
})
