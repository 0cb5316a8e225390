import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { SearchPage } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import { PrismaSearch } from '@/lib/db/repositories/PrismaSearch'
import { createDatabases } from '@/server/createStorage'
import { silentLogger } from '@/services/shared/Logger'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers()
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
  roomId = (await directRoom(ada, grace)).id
})

const send = async (message: string, room = roomId, by = ada): Promise<ChatMessage> => {
  const { body } = await by.http('POST', '/api/chat/messages', { roomId: room, message, clientId: randomUUID() })
  return body as ChatMessage // the contract's answer
}
const ask = async (by: TestUser, query: string, more: Record<string, string> = {}): Promise<SearchPage> => {
  const { body } = await by.http('GET', `/api/chat/search?${new URLSearchParams({ query, ...more })}`)
  return body as SearchPage // the contract's answer
}
const textsFor = async (by: TestUser, query: string, more = {}) =>
  (await ask(by, query, more)).hits.map(({ message }) => message.message)
/** Until every message is known to the search. */
const settled = () =>
  waitFor(async () => {
    const { rows } = await servers.db.query(`
      SELECT (SELECT count(*) FROM message_search WHERE words IS NULL)
        + (SELECT count(*) FROM rooms r LEFT JOIN search_positions p ON p.room_id = r.id
           WHERE r.kind <> 'canary' AND r.last_seq > coalesce(p.seq, 0)) AS missing`)
    return Number(rows[0]?.missing) === 0
  })

test('a message is found by its words a moment after it was sent, the newest first, with its room', async () => {
  const first = await send('The quick brown fox jumps')
  const second = await send('Another fox, quickly: https://example.com/fox')
  await settled()
  const { hits, nextCursor } = await ask(grace, 'fox')
  expect(hits.map(({ message }) => message)).toEqual([second, first])
  expect(hits[0]?.room).toMatchObject({ id: roomId, name: 'Ada', lastSeq: second.seq })
  expect(nextCursor).toBeNull()
  expect(await textsFor(grace, 'jump quick')).toEqual([])
  expect(await textsFor(grace, 'QUICK Jum')).toEqual(['The quick brown fox jumps'])
  expect(await textsFor(grace, 'qui')).toHaveLength(2)
  expect(await textsFor(grace, '!!! 🎉')).toEqual([])
  expect(await textsFor(grace, "fox' & | :* % \\")).toHaveLength(2)
})

test.each([
  ['Привет, как поживаешь?', 'ПОЖИ'],
  ['Ёлка стоит', 'елка'],
  ['Amanhã não há pão', 'nao pao'],
  ['Straße nach Ｔｏｋｙｏ', 'tokyo'],
  ['עברית שלום', 'שלום'],
])('whatever the language, case and accents: %s by %s', async (text, query) => {
  await send(text)
  await settled()
  expect(await textsFor(grace, query)).toEqual([text])
})

test('with a text its words go at once, and the new ones are found', async () => {
  const message = await send('unicorn parade')
  await settled()
  expect(await textsFor(grace, 'unicorn')).toHaveLength(1)
  await ada.http('PATCH', `/api/chat/messages/${message.id}`, { message: 'zebra parade' })
  expect(await textsFor(grace, 'unicorn')).toEqual([])
  await settled()
  expect(await textsFor(grace, 'zebra par')).toEqual(['zebra parade'])
  await ada.http('DELETE', `/api/chat/messages/${message.id}`)
  expect(await textsFor(grace, 'zebra')).toEqual([])
  await settled()
  const { rows } = await servers.db.query('SELECT words FROM message_search WHERE message_id = $1', [message.id])
  expect(rows).toEqual([{ words: '' }])
})

test('only one’s own rooms are searched; whoever is taken out finds nothing there any more', async () => {
  const stranger = await servers.user('Stranger')
  const { id: group } = await groupOf(ada, [grace, stranger], 'Group')
  await send('pineapple secret', group)
  await send('pineapple between two')
  await settled()
  expect(await textsFor(stranger, 'pineapple')).toEqual(['pineapple secret'])
  expect(await textsFor(ada, 'pineapple', { roomId: group })).toEqual(['pineapple secret'])
  expect(await textsFor(ada, 'pineapple')).toHaveLength(2)
  const foreign = await stranger.http('GET', `/api/chat/search?query=pineapple&roomId=${roomId}`)
  expect(foreign.status).toBe(404)
  await ada.http('DELETE', `/api/chat/rooms/${group}/participants/${stranger.id}`)
  expect(await textsFor(stranger, 'pineapple')).toEqual([])
  expect(await textsFor(stranger, 'Group'), 'what the system said is no text of anybody').toEqual([])
})

/** Rooms of this person with messages in them that nobody told of, each with what `text` gives for its number. */
async function manyMessages(user: TestUser, rooms: number, perRoom: number, text: string): Promise<void> {
  const [other] = await insertPeople(servers.db, ['Other'])
  await servers.db.query(
    `WITH made AS (
       INSERT INTO rooms (id, kind, name, last_seq, last_rev)
       SELECT gen_random_uuid(), 'group', 'Room ' || n, $3, $3 FROM generate_series(1, $2) n RETURNING id
     ), joined AS (
       INSERT INTO participants (room_id, user_id) SELECT id, unnest(ARRAY[$1, $4]) FROM made
     )
     INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
     SELECT gen_random_uuid(), made.id, n, n, $4, gen_random_uuid(), replace($5, '#', n::text), now() - n * interval '1 second'
     FROM made, generate_series(1, $3) n`,
    [user.id, rooms, perRoom, other?.id, text],
  )
}

test('what nobody told of is found as well: rare words in many rooms, common ones in few, page by page', async () => {
  const [few, many] = [await servers.user('Few'), await servers.user('Many')]
  await manyMessages(few, 2, 3_000, 'common word number#')
  await manyMessages(many, 600, 10, 'common rare#')
  // As a process does that starts.
  const databases = createDatabases({ databaseUrl: servers.databaseUrl, databasePoolSize: 2 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const search = new PrismaSearch(databases.db)
  for (let last: string | null = ''; last !== null; ) {
    const behind: { roomIds: string[]; last: string | null } = await search.behind(last)
    for (let left = behind.roomIds; left.length > 0; ) {
      const done = await search.advance(left.slice(0, 100))
      left = done ? [...left.slice(100), ...done.unfinished] : left
    }
    last = behind.last
  }
  await settled()

  const everything = async (user: TestUser, query: string) => {
    const places: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: SearchPage = await ask(user, query, cursor === undefined ? {} : { cursor })
      expect(page.hits.length).toBeLessThanOrEqual(limits.searchPage)
      places.push(...page.hits.map(({ message }) => `${message.createdAt} ${message.id}`))
      cursor = page.nextCursor
    }
    expect(places).toEqual([...new Set(places)].sort().reverse())
    return places.length
  }
  expect((await ask(few, 'common')).hits).toHaveLength(limits.searchPage)
  expect(await textsFor(few, 'common number2999')).toHaveLength(2)
  expect(await everything(few, 'number299')).toBe(2 * 11)
  expect((await ask(many, 'comm')).hits).toHaveLength(limits.searchPage)
  expect(await everything(many, 'rare10')).toBe(600)
}, 240_000)

/** What a process does that writes words down, beside the servers' own. */
const index = () => {
  const databases = createDatabases({ databaseUrl: servers.databaseUrl, databasePoolSize: 2 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  return new PrismaSearch(databases.db)
}
/** Once it is this index's turn. */
const advance = (search: PrismaSearch, rooms: string[]) =>
  waitFor(async () => (await search.advance(rooms)) ?? undefined)
const written = async (rooms: string[]) => {
  const { rows } = await servers.db.query<{ count: number }>(
    'SELECT (SELECT count(*)::int FROM message_search WHERE room_id = r) AS count FROM unnest($1::text[]) r',
    [rooms],
  )
  return rows.map(({ count }) => count)
}
/** The largest first. */
const roomsOf = async (user: TestUser) => {
  const { rows } = await servers.db.query<{ id: string }>(
    `SELECT r.id FROM participants p JOIN rooms r ON r.id = p.room_id WHERE p.user_id = $1 ORDER BY r.last_seq DESC`,
    [user.id],
  )
  return rows.map(({ id }) => id)
}

test('an answer is found with what it answers', async () => {
  const asked = await send('Where are the gooseberries?')
  await ada.http('POST', '/api/chat/messages', {
    ...{ roomId, message: 'Beside the elderflowers', clientId: randomUUID(), replyToId: asked.id },
  })
  await settled()
  expect((await ask(grace, 'elderflowers')).hits[0]?.message.replyTo).toMatchObject({ id: asked.id, seq: asked.seq })
})

test('long messages are written down a few at a time, and a room with many keeps no other waiting', async () => {
  const user = await servers.user('Much')
  await manyMessages(user, 1, 700, `# ${'many different words '.repeat(180)}`)
  await manyMessages(user, 1, 3, 'short')
  const rooms = await roomsOf(user)
  const done = await advance(index(), rooms)
  const [large = 0, small] = await written(rooms)
  expect(large).toBeGreaterThan(0)
  expect(large, 'of 3,780 characters each').toBeLessThan(10)
  expect(small).toBe(3)
  expect(done.unfinished).toEqual(rooms.slice(0, 1))
  await servers.db.query('UPDATE rooms SET last_seq = 0 WHERE id = $1', [rooms[0]]) // nobody waits for the others
})

test('a message whose words cannot be written is left out, and all others are found', async () => {
  await servers.db.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'too much'; END $$;
    CREATE TRIGGER refuse_words BEFORE INSERT OR UPDATE ON message_search FOR EACH ROW
    WHEN (tsvector_to_array(NEW.words) @> ARRAY[search_mark(NEW.room_id) || 'unwritable']) EXECUTE FUNCTION refuse()`)
  const user = await servers.user('Unlucky')
  await manyMessages(user, 1, 20, 'word#')
  const rooms = await roomsOf(user)
  await servers.db.query(`UPDATE messages SET message = 'unwritable' WHERE room_id = $1 AND seq = 13`, rooms)
  await servers.db.query('DELETE FROM message_search WHERE room_id = $1', rooms)
  const search = index()
  await waitFor(async () => (await advance(search, rooms)).unfinished.length === 0)
  expect(await textsFor(user, 'word20')).toEqual(['word20'])
  expect(await textsFor(user, 'word12')).toEqual(['word12'])
  expect(await textsFor(user, 'unwritable')).toEqual([])
  expect(await written(rooms)).toEqual([20])
  await servers.db.query('DROP TRIGGER refuse_words ON message_search')
})

test('edits and deletions at the very moment at which words are written down leave the words of the text that stands', async () => {
  const databases = createDatabases({ databaseUrl: servers.databaseUrl, databasePoolSize: 4 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const search = new PrismaSearch(databases.db)
  const { id: group } = await groupOf(ada, [grace])
  for (let round = 0; round < 12; round++) {
    const sent = await Promise.all([0, 1, 2, 3].map((n) => send(`before${round} word${n}`, group)))
    await Promise.all([
      ...[0, 1, 2].map(() => search.advance([group])),
      ada.http('PATCH', `/api/chat/messages/${sent[0]?.id}`, { message: `after${round}` }),
      ada.http('DELETE', `/api/chat/messages/${sent[1]?.id}`),
      ada
        .http('PATCH', `/api/chat/messages/${sent[2]?.id}`, { message: `twice${round}` })
        .then(() => ada.http('PATCH', `/api/chat/messages/${sent[2]?.id}`, { message: `last${round}` })),
    ])
  }
  await settled()
  const { rows } = await servers.db.query<{ message: string; words: string[] }>(
    `SELECT m.message, tsvector_to_array(s.words) AS words FROM messages m JOIN message_search s ON s.message_id = m.id
     WHERE m.room_id = $1 AND m.system IS NULL`,
    [group],
  )
  expect(rows).toHaveLength(48)
  for (const { message, words } of rows) {
    expect(words.map((word) => word.slice(8)).sort()).toEqual(searchWords(message).sort())
  }
})
