import 'fake-indexeddb/auto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { TandemClient } from '@/client/TandemClient'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, Surroundings, untilLive, viewOf } from './pages'

const written = 230

let servers: TestServers
let ada: TestUser
let bob: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers()
})

beforeEach(async () => {
  freshStorage()
  ada = await servers.user('Ada')
  bob = await servers.user('Bob')
  roomId = (await directRoom(ada, bob)).id
  // One after the other, without meeting the limit of messages.
  await servers.db.query(
    `SELECT count(*) FROM generate_series(1, $3) AS n
     CROSS JOIN LATERAL insert_messages_batch(ARRAY[gen_random_uuid()::text], ARRAY[$1], ARRAY[$2], ARRAY['client-' || n], ARRAY['message ' || n], NULL)`,
    [roomId, bob.id, written],
  )
})

const view = (page: TandemClient) => viewOf(page, roomId)
const seqs = (page: TandemClient) => view(page).messages.map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

async function opened(around?: Surroundings): Promise<TandemClient> {
  const page = openPage(servers, ada, around)
  await untilLive(page)
  page.chat.openConversation(roomId)
  await waitFor(() => view(page).messages.length === 50)
  return page
}

test('a message far back is shown with what lies around it, kept current, and one reads on from there to the newest', async () => {
  const page = await opened()
  expect(await page.chat.openAround(roomId, 40)).toBe(true)
  expect(seqs(page)).toEqual(range(15, 64))
  expect(view(page)).toMatchObject({ hasOlder: true, hasNewer: true })

  const bobs = await bob.connect()
  const fortieth = view(page).messages.find(({ seq }) => seq === 40)?.id ?? ''
  await asked(bobs, 'editMessage', { messageId: fortieth, message: 'better' })
  await asked(bobs, 'sendMessage', { roomId, message: 'and one more', clientId: 'one-more' })
  await waitFor(() => view(page).room?.lastSeq === written + 1)
  expect(view(page).messages.find(({ seq }) => seq === 40)?.message).toBe('better')
  expect(seqs(page)).toEqual(range(15, 64))
  expect(view(page).room?.unread).toBe(written + 1)

  await page.chat.loadOlder(roomId)
  expect(seqs(page)).toEqual(range(1, 64))
  while (view(page).hasNewer) await page.chat.loadNewer(roomId)
  expect(seqs(page)).toEqual(range(1, written + 1))
})

test('what is loaded is shown without asking, and whoever writes or comes back sees the newest messages', async () => {
  const around = new Surroundings()
  const page = await opened(around)
  around.httpWorks = false
  expect(await page.chat.openAround(roomId, written - 40)).toBe(true)
  expect(view(page).hasNewer).toBe(false)
  await expect(page.chat.openAround(roomId, 40)).rejects.toThrow()
  expect(view(page).messages).toHaveLength(50)

  around.httpWorks = true
  await page.chat.openAround(roomId, 40)
  page.chat.sendMessage(roomId, 'an answer')
  expect(view(page)).toMatchObject({ hasNewer: false, outgoing: [{ message: 'an answer' }] })

  await page.chat.openAround(roomId, 40)
  page.chat.toNewest(roomId)
  expect(seqs(page)[0]).toBe(written - 49)
})

test('of two places the one that was asked for last is shown, and one that does not exist is said so', async () => {
  const around = new Surroundings()
  const page = await opened(around)
  const first = around.hold('answer', 'aroundSeq=40')
  const going = page.chat.openAround(roomId, 40)
  await waitFor(() => first.isCaught)
  expect(await page.chat.openAround(roomId, 120)).toBe(true)
  first.release()
  expect(await going).toBe(false)
  expect(seqs(page)).toEqual(range(95, 144))
  await expect(page.chat.openAround(roomId, 4_000)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a page that was opened at a message has everything that changed since it was asked for', async () => {
  const around = new Surroundings()
  const page = await opened(around)
  const answer = around.hold('answer', 'aroundSeq=40')
  const going = page.chat.openAround(roomId, 40)
  await waitFor(() => answer.isCaught)
  const { rows } = await servers.db.query('SELECT id FROM messages WHERE room_id = $1 AND seq = 41', [roomId])
  await asked(await bob.connect(), 'deleteMessage', { messageId: rows[0].id })
  const isDeleted = () => view(page).messages.some(({ seq, deletedAt }) => seq === 41 && deletedAt !== undefined)
  await waitFor(() => view(page).room?.lastRev === written + 1)
  answer.release()
  await going
  expect(isDeleted()).toBe(true)
})
