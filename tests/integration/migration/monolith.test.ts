import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { transform } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { inProject } from '../../../scripts/support/project'
import { documentBlock } from '../../support/documentBlocks'
import { Monolith } from '../../support/monolith/Monolith'
import { type MovedDatabase, moveTables, peopleBlock } from '../../support/monolith/moveTables'
import { NewClient } from '../../support/monolith/NewClient'
import { OldClient } from '../../support/monolith/OldClient'
import { chatIds, chats, fillOldDays, OLD_MESSAGES, people, READ_BY_GRACE } from '../../support/monolith/oldDays'
import { startServers, type TestServers } from '../../support/servers/servers'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

// docs/migration/monolith-to-namespaces.md, by the letter: each test is a step of it, and goes on where the one before ended.

const GUIDE = 'docs/migration/monolith-to-namespaces.md'
const block = (name: string) => documentBlock(GUIDE, 'sql', name)
const secret = new Uint8Array(randomBytes(32))
let moved: MovedDatabase
let servers: TestServers
/** The old app as it runs now. */
let monolith: { url: string; stop(): Promise<void> }
/** Every message that anybody was told is stored: its id, by chat. */
let acknowledged: Map<string, string[]>
const note = (chatId: string, id: string) => acknowledged.set(chatId, [...(acknowledged.get(chatId) ?? []), id])

async function startMonolith(feedUrl?: string): Promise<typeof monolith> {
  const http = createServer()
  const app = new Monolith({ http, db: moved.old, secret, ...(feedUrl === undefined ? {} : { feedUrl }) })
  await app.start()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  return { url: `http://127.0.0.1:${port}`, stop: () => app.stop() }
}

async function oldClient(person: string): Promise<OldClient> {
  const client = await OldClient.connect(monolith.url, person, secret)
  onTeardown(() => client.stop())
  return client
}

async function newClient(person: string): Promise<NewClient> {
  const client = await NewClient.connect(servers, person)
  onTeardown(() => client.raw.stop())
  return client
}

const oldTable = async (chatId: string): Promise<string[]> =>
  (await moved.old.query('SELECT id FROM messages WHERE chat_id = $1 ORDER BY created_at, id', [chatId])).rows.map(
    ({ id }) => id,
  )
const newTable = async (chatId: string): Promise<string[]> =>
  (await servers.db.query('SELECT id FROM messages WHERE room_id = $1 ORDER BY seq', [chatId])).rows.map(({ id }) => id)

/** All that was acknowledged is in this table, each once. */
async function expectAllIn(table: (chatId: string) => Promise<string[]>): Promise<void> {
  for (const chatId of chatIds) {
    expect((await table(chatId)).sort(), chatId).toEqual([...(acknowledged.get(chatId) ?? [])].sort())
  }
}

/** Both tables hold the same, in one order, and the rows that count it agree. */
async function expectSame(): Promise<void> {
  expect((await servers.db.query(block('differences'))).rows).toEqual([])
  for (const chatId of chatIds) expect(await newTable(chatId), chatId).toEqual(await oldTable(chatId))
  // The old app's connections are in another time zone.
  const astray = await servers.db.query(
    `SELECT m.id, m.created_at, t.created_at AS here FROM monolith.messages m JOIN messages t USING (id)
     WHERE abs(extract(epoch FROM m.created_at AT TIME ZONE 'UTC' - t.created_at)) > 60`,
  )
  expect(astray.rows).toEqual([])
  const { rows } = await servers.db.query(
    `SELECT r.id, r.last_seq, count(m.id)::int AS n FROM rooms r LEFT JOIN messages m ON m.room_id = r.id GROUP BY r.id`,
  )
  for (const { id, last_seq, n } of rows) expect(last_seq, id).toBe(n)
}

interface Writer {
  send(chatId: string, text: string): Promise<string>
}

/** Each of them writes so many into every chat of theirs, all at the same time; resolves when all is acknowledged. */
async function write(writers: Record<string, Writer>, what: string, times: number): Promise<void> {
  await Promise.all(
    Object.entries(writers).map(async ([person, writer]) => {
      for (let i = 1; i <= times; i += 1) {
        for (const chatId of chatIds) {
          if (chats[chatId].includes(person)) note(chatId, await writer.send(chatId, `${what} ${i} of ${person}`))
        }
      }
    }),
  )
}

beforeAll(async () => {
  moved = await moveTables(async (db) => {
    acknowledged = await fillOldDays(db)
  })
  await moved.old.query(peopleBlock('people'))
  servers = await startServers({ databaseUrl: moved.url })
  monolith = await startMonolith()
  onTeardown(() => monolith.stop()) // whichever it is by then
})

test('the feed that the guide shows is the one that is tested', () => {
  const file = 'tests/support/monolith/MessageFeed.ts'
  expect(documentBlock(GUIDE, 'ts', 'feed').trim()).toBe(readFileSync(inProject(file), 'utf8').trim())
})

test('the bridge comes, and the old app goes on, in its old version and in the one with the feed', async () => {
  expect((await servers.db.query(block('refused'))).rows).toEqual([])
  expect((await servers.db.query(block('homeless'))).rows).toEqual([])
  await servers.db.query(block('bridge'))
  const ada = await oldClient('ada')
  await write({ ada }, 'unshared', 2)
  ada.stop()
  await monolith.stop()
  monolith = await startMonolith(moved.url)
  const [grace, linus] = [await oldClient('grace'), await oldClient('linus')]
  await write({ grace, linus }, 'fed', 2)
  await waitFor(() => linus.heard.length === 8 && grace.heard.length === 10)
  await expectAllIn(oldTable)
  expect(await newTable('plans')).toEqual([])
})

test('what runs as the owner finds no table of its caller first, and nobody may call it unasked', async () => {
  const { rows } = await servers.db.query(
    `SELECT proname FROM pg_proc WHERE pronamespace IN ('bridge'::regnamespace, 'people_bridge'::regnamespace)
       AND (has_function_privilege('public', oid, 'EXECUTE') OR prosecdef AND NOT proconfig @> '{"search_path=public, pg_temp"}')`,
  )
  expect(rows).toEqual([])
})

test('an old app of another role may do the three things, and nothing else of the bridge', async () => {
  const role = `old_app_${randomBytes(6).toString('hex')}`
  await servers.db.query(`CREATE ROLE ${role}`)
  onTeardown(async () => {
    await servers.db.query(`DROP OWNED BY ${role}`)
    await servers.db.query(`DROP ROLE ${role}`)
  })
  await servers.db.query(block('grant').replaceAll('that_role', role))
  const { rows } = await servers.db.query(
    `SELECT proname FROM pg_proc WHERE pronamespace = 'bridge'::regnamespace
       AND has_function_privilege($1, oid, 'EXECUTE') ORDER BY proname`,
    [role],
  )
  expect(rows.map(({ proname }) => proname)).toEqual(['mark_read', 'open_chat', 'share_chat'])
  const client = await servers.db.connect()
  await client.query(`SET ROLE ${role}`)
  const said = await client.query(`SELECT bridge.mark_read('plans', 'nobody')`).finally(() => client.release(true))
  expect(said.rowCount).toBe(1)
})

test('whom the guide’s function moves stays moved as more are', async () => {
  const { code } = await transform(documentBlock(GUIDE, 'ts', 'share'), { loader: 'ts' })
  const { isMoved } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  const ids = Array.from({ length: 1_000 }, (_, i) => `person ${i}`)
  const moved = (percent: number) => ids.filter((id) => isMoved(id, percent))
  expect([moved(0).length, moved(100).length]).toEqual([0, 1_000])
  expect(moved(10).length).toBeGreaterThan(50)
  expect(moved(10).length).toBeLessThan(150)
  expect(moved(50)).toEqual(expect.arrayContaining(moved(10)))
})

test('who opens a conversation that they had gets that one, before all of history is moved', async () => {
  await moved.old.query(`INSERT INTO chats (id) VALUES ('twosome')`)
  await moved.old.query(`INSERT INTO chat_members VALUES ('twosome', 'zoe'), ('twosome', 'linus')`)
  const [{ id }] = (
    await moved.old.query(
      `INSERT INTO messages (chat_id, sender_id, content) VALUES ('twosome', 'zoe', 'Before') RETURNING id`,
    )
  ).rows
  expect((await moved.old.query(`SELECT bridge.open_chat('linus', 'zoe') AS id`)).rows).toEqual([{ id: 'twosome' }])
  expect(await newTable('twosome')).toEqual([id])
})

test('a chat that Tandem cannot take holds up no other, and is named', async () => {
  await moved.old.query(`INSERT INTO "User" (id) VALUES ('stray')`)
  await moved.old.query(`INSERT INTO chats (id, title) VALUES ('a first one', 'With somebody who has no address')`)
  await moved.old.query(`INSERT INTO chat_members VALUES ('a first one', 'ada'), ('a first one', 'stray')`)
  expect((await servers.db.query(block('homeless'))).rows).toMatchObject([{ user_id: 'stray' }])
})

test('history is moved while people write, without loss or doubles, with how far they had read', async () => {
  const writers = { ada: await oldClient('ada'), zoe: await oldClient('zoe') }
  let isShared = false
  const sharing = servers.db.query(block('history')).finally(() => {
    isShared = true
  })
  let round = 0
  do {
    round += 1
    await write(writers, `meanwhile ${round}`, 2)
  } while (!isShared)
  await sharing
  expect((await servers.db.query(block('unshared'))).rows).toEqual([{ id: 'a first one' }])
  await moved.old.query(`UPDATE "User" SET email = 'stray@example.com' WHERE id = 'stray'`)
  await servers.db.query(block('history'))
  expect((await servers.db.query(block('unshared'))).rows).toEqual([])
  await write(writers, 'shared', 2)
  await expectAllIn(oldTable)
  await expectSame()
  const { rows } = await servers.db.query(
    `SELECT p.user_id, p.last_read_seq FROM participants p WHERE room_id = 'pair' ORDER BY user_id`,
  )
  expect(rows[1]).toMatchObject({ user_id: 'grace', last_read_seq: READ_BY_GRACE })
  // Nobody is mailed of the old days: whatever is unread of them counts as told.
  const untold = await servers.db.query(
    `SELECT 1 FROM participants p LEFT JOIN digest_positions d USING (room_id, user_id) WHERE coalesce(d.seq, 0) < $1 AND room_id = ANY ($2)`,
    [OLD_MESSAGES, chatIds],
  )
  expect(untold.rowCount).toBe(0)
})

test('people are moved one after the other, and all hear the same, once each, in one order', async () => {
  const watching = { old: await oldClient('grace'), new: await newClient('grace') }
  const writers: Record<string, Writer> = {}
  for (const person of people) writers[person] = await oldClient(person)
  const first = new Map(await Promise.all(chatIds.map(async (id) => [id, (await newTable(id)).length] as const)))
  for (const person of people) {
    await write(writers, `before ${person} moves`, 3)
    writers[person] = await newClient(person)
    if (person === 'zoe') {
      // The feed's connection dies as they write.
      const dying = servers.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
           AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN mono%' OR query LIKE '%created_at::text%')`,
      )
      await write(writers, 'while the feed is away', 3)
      expect((await dying).rowCount).toBe(1)
    }
  }
  await write(writers, 'all are new', 3)
  for (const chatId of chatIds) {
    const since = (await newTable(chatId)).slice(first.get(chatId))
    const heardIn = (messages: readonly { id: string }[]) => messages.map(({ id }) => id)
    const old = () => heardIn(watching.old.heard.filter((message) => message.chatId === chatId))
    await waitFor(() => old().length >= since.length && watching.new.heard(chatId).length >= since.length)
    expect(old()).toEqual(since)
    expect(watching.new.heard(chatId)).toEqual(since)
  }
  await expectAllIn(newTable)
  await expectSame()
})

test('edits, deletions, reading, new rooms and who is in them are in both', async () => {
  const [ada, grace] = [await newClient('ada'), await oldClient('grace')]
  const id = await ada.send('pair', 'A tpyo')
  note('pair', id)
  const contentOf = async () =>
    (await moved.old.query('SELECT content FROM messages WHERE id = $1', [id])).rows[0].content
  await ada.raw.http('PATCH', `/api/chat/messages/${id}`, { message: 'A typo' })
  expect(await contentOf()).toBe('A typo')
  await ada.raw.http('DELETE', `/api/chat/messages/${id}`)
  expect(await contentOf()).toBe('')

  const unreadHere = async (person: string) =>
    (
      await servers.db.query(
        `SELECT r.last_seq - p.last_read_seq - p.own_unread AS n FROM participants p JOIN rooms r ON r.id = p.room_id
         WHERE p.room_id = 'pair' AND p.user_id = $1`,
        [person],
      )
    ).rows[0].n
  const unreadThere = async (person: string) =>
    (
      await moved.old.query(
        `SELECT count(*)::int AS n FROM messages m JOIN chat_members c USING (chat_id)
         WHERE chat_id = 'pair' AND user_id = $1 AND sender_id <> $1 AND m.created_at > coalesce(last_read_at, '-infinity')`,
        [person],
      )
    ).rows[0].n
  expect(await unreadHere('grace')).toBeGreaterThan(0)
  await grace.markRead('pair')
  expect([await unreadHere('grace'), await unreadThere('grace')]).toEqual([0, 0])
  note('pair', await grace.send('pair', 'Read it?'))
  await ada.raw.http('PATCH', '/api/chat/messages/read', { roomId: 'pair' })
  expect([await unreadHere('ada'), await unreadThere('ada')]).toEqual([0, 0])

  const { room } = await ada.raw.asked('getOrCreateRoom', { participantId: 'linus' })
  expect((await moved.old.query(`SELECT bridge.open_chat('linus', 'ada') AS id`)).rows).toEqual([{ id: room.id }])
  const answer = await (await oldClient('linus')).send(room.id, 'Hello')
  await waitFor(() => ada.heard(room.id).includes(answer))

  const group = await ada.raw.asked('getOrCreateRoom', { participantIds: ['zoe'], name: 'Made here' })
  expect((await moved.old.query('SELECT title FROM chats WHERE id = $1', [group.room.id])).rows[0].title).toBe(
    'Made here',
  )
  const zoe = await oldClient('zoe')
  await zoe.send(group.room.id, 'I am in')
  await ada.raw.http('DELETE', `/api/chat/rooms/${group.room.id}/participants/zoe`)
  await expect(zoe.send(group.room.id, 'I am out')).rejects.toThrow('not a chat of yours')
  await expectSame()
})

test('who joins or leaves in the old app does so in Tandem', async () => {
  const [ada, linus] = [await newClient('ada'), await oldClient('linus')]
  const membersOf = async () =>
    (await servers.db.query(`SELECT user_id, role FROM participants WHERE room_id = 'lunch' ORDER BY user_id`)).rows
  await moved.old.query(`INSERT INTO chat_members VALUES ('lunch', 'ada')`)
  expect(await membersOf()).toContainEqual({ user_id: 'ada', role: 'member' })
  const heard = await linus.send('lunch', 'Welcome')
  note('lunch', heard)
  await waitFor(() => ada.heard('lunch').includes(heard))
  // Whoever owns the group leaves it: somebody else does then.
  const owner = (await membersOf()).find(({ role }) => role === 'owner')
  await moved.old.query(`DELETE FROM chat_members WHERE chat_id = 'lunch' AND user_id = $1`, [owner.user_id])
  expect((await membersOf()).filter(({ role }) => role === 'owner')).toHaveLength(1)
  await moved.old.query(`INSERT INTO chat_members VALUES ('lunch', $1)`, [owner.user_id])
  await moved.old.query(`DELETE FROM chat_members WHERE chat_id = 'lunch' AND user_id = 'ada'`)
  await expect(ada.send('lunch', 'Still here?')).rejects.toThrow()
  await expect(moved.old.query(`INSERT INTO chat_members VALUES ('pair', 'zoe')`)).rejects.toThrow('make a new one')
  await expectSame()
})

test('what the bridge does not carry is refused in the old app', async () => {
  const mine = `chat_id = 'plans' AND sender_id = 'ada'`
  await expect(moved.old.query(`UPDATE messages SET content = 'No' WHERE ${mine}`)).rejects.toThrow('in Tandem only')
  await expect(moved.old.query(`DELETE FROM messages WHERE ${mine}`)).rejects.toThrow('in Tandem only')
  await expect(moved.old.query(`DELETE FROM chats WHERE id = 'plans'`)).rejects.toThrow('are kept')
  // The same insert again, as some send again: none is stored, here or there.
  await moved.old.query(
    `INSERT INTO messages (id, chat_id, sender_id, content)
     SELECT id, chat_id, sender_id, content FROM messages WHERE ${mine} LIMIT 1 ON CONFLICT DO NOTHING`,
  )
  await expectSame()
})

test('back again: nothing is lost, and the old app goes on alone', async () => {
  const writers: Record<string, Writer> = { grace: await newClient('grace'), zoe: await newClient('zoe') }
  await write(writers, 'new', 3)
  writers.grace = await oldClient('grace')
  await write(writers, 'one is back', 3)
  writers.zoe = await oldClient('zoe')
  await write(writers, 'both are back', 3)
  await expectAllIn(oldTable)
  await expectSame()

  await monolith.stop()
  monolith = await startMonolith()
  await servers.db.query(block('undo'))
  await write({ grace: await oldClient('grace') }, 'alone', 2)
  await expectAllIn(oldTable)
})

test('what somebody wrote in Tandem after all is not taken for shared', async () => {
  const stray = await (await newClient('zoe')).send('twosome', 'Nobody told me')
  await moved.old.query(`DELETE FROM chat_members WHERE chat_id = 'lunch' AND user_id = 'linus'`)
  expect((await servers.db.query(block('alone'))).rows).toMatchObject([{ room_id: 'twosome', id: stray }])
})

test('and once more: what was written meanwhile is added in its order', async () => {
  await servers.db.query(block('bridge'))
  // A transaction that does not see what comes after its beginning.
  await moved.old.query(`INSERT INTO chats (id, title) VALUES ('late', 'Late')`)
  await moved.old.query(`INSERT INTO chat_members VALUES ('late', 'zoe')`)
  const early = await moved.old.connect()
  await early.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM chats')
  await servers.db.query(block('history'))
  const insert = `INSERT INTO messages (chat_id, sender_id, content) VALUES ('late', 'zoe', 'In one table alone?')`
  await expect(early.query(insert)).rejects.toMatchObject({ code: '40001' })
  await early.query('ROLLBACK')
  early.release()
  expect((await servers.db.query(block('unshared'))).rows).toEqual([{ id: 'twosome' }])
  await servers.db.query(`DELETE FROM rooms WHERE id = 'twosome'`)
  await servers.db.query(block('history'))
  expect((await servers.db.query(block('unshared'))).rows).toEqual([])
  const members = await servers.db.query(
    `SELECT room_id, user_id FROM participants WHERE room_id IN ('lunch', 'twosome')`,
  )
  expect(members.rows.map(({ room_id, user_id }) => `${room_id} ${user_id}`).sort()).toEqual([
    'lunch grace',
    'lunch zoe',
    'twosome linus',
    'twosome zoe',
  ])
  await expectAllIn(newTable)
  await expectSame()
  const grace = await newClient('grace')
  note('lunch', await grace.send('lunch', 'Here again'))
  await expectSame()
})
