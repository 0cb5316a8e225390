import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { PrismaPush } from '@/lib/db/repositories/PrismaPush'
import type { WaitingPush } from '@/services/push/ports'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let db: pg.Pool
let databaseUrl: string
let queue: PrismaPush

beforeAll(async () => {
  databaseUrl = await createTestDatabase()
  db = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  db.on('error', () => {})
  onTeardown(() => db.end())
  queue = new PrismaPush({ rows: async ({ text, values }) => (await db.query(text, values)).rows })
  await db.query(`INSERT INTO users (id, email, name) SELECT lower(n), lower(n) || '@example.com', n
    FROM unnest(ARRAY['Ada', 'Grace', 'Alan']) n`)
  await db.query(`INSERT INTO topics (name, is_public) VALUES ('builds', true)`)
})

beforeEach(async () => {
  await db.query(
    'TRUNCATE push_news, push_waiting, push_subscriptions, user_blocks, rooms, notifications, sessions CASCADE',
  )
  await db.query(
    `INSERT INTO sessions (id, public_id, user_id, expires_at) VALUES ('s', 'session', 'ada', now() + interval '1 day')`,
  )
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ('plans', 'group', 'Plans')`)
  await db.query(`INSERT INTO participants (room_id, user_id) SELECT 'plans', id FROM users`)
})

const subscription = (endpoint: string, over = {}) => ({
  ...{ id: endpoint, userId: 'ada', sessionId: 'session', endpoint, keys: { p256dh: 'point', auth: 'secret' } },
  ...over,
})
const subscribe = async (endpoint = 'https://push.example.com/1') => {
  expect(await queue.add(subscription(endpoint), 100)).toBe('added')
  return endpoint
}
const say = async (sender: string, text: string, mentions?: string[], room = 'plans') => {
  const id = randomUUID()
  const message = [[id], [room], [sender], [id], [text]]
  await db.query('SELECT * FROM insert_messages_batch($1, $2, $3, $4, $5, NULL, $6)', [
    ...message,
    JSON.stringify(mentions ? { [id]: { mentions } } : {}),
  ])
}
const notify = async (content: object) => {
  const id = randomUUID()
  await db.query('SELECT * FROM create_notifications($1, $2, $3, NULL)', [
    ...[[id], ['ada'], JSON.stringify({ title: 'Title', message: 'Text', type: 'info', ...content })],
  ])
  return id
}
/** What is due now, spread. */
const take = async (underWay: WaitingPush[] = []) => {
  while ((await queue.spread(0)) !== 'none');
  return queue.take({ most: 32, leaseMs: 30_000, mostOfServer: 8, underWay })
}
const takeOne = async () => {
  const [push] = await take()
  if (!push) throw new Error('Nothing is due.')
  return push
}

test('who is blocked rings nobody by naming them, and nobody is told of where they are no more', async () => {
  await subscribe()
  await say('grace', 'Look, @Ada', ['ada'])
  const titles = async () => {
    await db.query('UPDATE push_waiting SET due_at = now()')
    const { notifications, room } = await takeOne()
    return { titles: notifications.map(({ title }) => title), mentioned: room?.mentioned }
  }
  expect(await titles()).toEqual({ titles: ['Grace mentioned you'], mentioned: undefined })
  await db.query(`INSERT INTO user_blocks (blocker_id, blocked_id) VALUES ('ada', 'grace')`)
  expect(await titles()).toEqual({ titles: [], mentioned: undefined })
  await say('alan', 'Hello')
  expect(await titles()).toEqual({ titles: [], mentioned: false })
  await db.query('DELETE FROM user_blocks')
  expect(await titles()).toEqual({ titles: ['Grace mentioned you'], mentioned: true })
  await db.query(`DELETE FROM participants WHERE user_id = 'ada'`)
  expect(await titles()).toEqual({ titles: [], mentioned: undefined })
})

test('of one topic all that is unread is decided upon, the newest first', async () => {
  await subscribe()
  const first = await notify({ topic: 'builds', title: 'First' })
  await queue.spread(0)
  const read = await notify({ topic: 'builds', title: 'Read' })
  await notify({ topic: 'builds', title: 'Last' })
  await db.query(`UPDATE notifications SET status = 'read' WHERE id = $1`, [read])
  const push = await takeOne()
  expect(push.notifications.map(({ title }) => title)).toEqual(['Last', 'First'])
  // What is noted while it is sent is told then, and what was decided upon is not told again.
  const next = await notify({ topic: 'builds', title: 'Next' })
  await queue.spread(0)
  await queue.sent(push, { delayMs: 0, rememberMs: 60_000 })
  const { notifications, told, notificationIds } = await takeOne()
  expect([notifications.map(({ title }) => title), told, notificationIds]).toEqual([['Next'], 1, [next]])
  await db.query(`UPDATE notifications SET status = 'read' WHERE id = $1`, [first])
  await db.query('UPDATE push_waiting SET due_at = now()')
  expect((await takeOne()).told).toBe(0)
})

test('it is known how often a conversation was told while nobody read it', async () => {
  await subscribe()
  const tell = async () => {
    await say('grace', 'Hello')
    const push = await takeOne()
    await queue.sent(push, { delayMs: 0, rememberMs: 60_000 })
    return [push.told, push.room?.count]
  }
  expect([await tell(), await tell(), await tell()]).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ])
  expect(await queue.nextInMs()).toBeNull()
  await db.query(`UPDATE participants SET last_read_seq = 3 WHERE user_id = 'ada'`)
  expect(await tell()).toEqual([0, 1])
  // After a while that is forgotten.
  await db.query('UPDATE push_waiting SET due_at = now()')
  expect(await take()).toEqual([])
  expect((await db.query('SELECT FROM push_waiting')).rowCount).toBe(0)
})

test('of one browser one is taken at a time, and of one push service eight, however many wait', async () => {
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ('two', 'group', 'Two')`)
  await db.query(`INSERT INTO participants (room_id, user_id) SELECT 'two', id FROM users`)
  for (let n = 0; n < 12; n += 1) await subscribe(`https://slow.example.com/${n}`)
  await subscribe('https://other.example.com/1')
  for (const room of ['plans', 'two']) await say('grace', 'Hello', undefined, room)
  const first = await take()
  const byServer = (pushes: WaitingPush[], server: string) =>
    pushes.filter(({ subscription }) => subscription.server === server)
  expect([byServer(first, 'slow.example.com').length, byServer(first, 'other.example.com').length]).toEqual([8, 1])
  expect(new Set(first.map(({ subscription }) => subscription.id)).size).toBe(9)
  expect(await take(first)).toEqual([])
  const stillSlow = byServer(first, 'slow.example.com').slice(0, 7)
  const second = await take(stillSlow)
  expect([byServer(second, 'slow.example.com').length, byServer(second, 'other.example.com').length]).toEqual([1, 1])
})

test('a browser that subscribes again keeps what failed there, unless it has other keys; none outlives its session', async () => {
  const endpoint = await subscribe()
  const failures = async () => (await db.query('SELECT failures FROM push_subscriptions')).rows[0].failures
  await say('grace', 'Hello')
  await queue.failed(await takeOne(), { retryMs: 60_000, giveUpMs: 3_600_000, forgetMs: 3_600_000 })
  await subscribe(endpoint)
  expect(await failures()).toBe(1)
  await queue.add(subscription(endpoint, { keys: { p256dh: 'another', auth: 'secret' } }), 10)
  expect(await failures()).toBe(0)
  const others = { userId: 'grace', keys: { p256dh: 'point', auth: 'secret' } }
  expect(await queue.add(subscription(endpoint, others), 10)).toBe('taken')
  await db.query('DELETE FROM sessions')
  expect(await queue.add(subscription('https://push.example.com/2'), 10)).toBe('ended')
})

test('who signs out while something is spread waits for nobody, and what was to be told there is gone', async () => {
  await subscribe()
  await say('grace', 'Hello')
  const spreading = await db.connect()
  try {
    await spreading.query('BEGIN')
    await spreading.query('SELECT push_spread(100, 0)')
    await db.query(`SET lock_timeout = '2s'; DELETE FROM sessions; RESET lock_timeout`)
    await spreading.query('COMMIT')
  } finally {
    spreading.release()
  }
  expect(await take()).toEqual([])
  expect((await db.query('SELECT FROM push_waiting')).rowCount).toBe(0)
})

test('only the first of what waits is announced: commits that announce take turns', async () => {
  await subscribe()
  const listener = new pg.Client({ connectionString: databaseUrl })
  await listener.connect()
  onTeardown(() => listener.end())
  const announced: string[] = []
  listener.on('notification', ({ payload = '' }) => announced.push(JSON.parse(payload).type))
  await listener.query('LISTEN tandem')
  for (const text of ['One', 'Two', 'Three']) await say('grace', text)
  await notify({})
  await db.query(`SELECT pg_notify('tandem', '{"type": "end"}')`)
  await waitFor(() => announced.includes('end'))
  expect(announced).toEqual(['push', 'end'])
})

test('what takes the database too long is spread in smaller parts', async () => {
  const asked: unknown[] = []
  const slow = new PrismaPush({
    rows: async <Row extends object>({ values }: { values: unknown[] }) => {
      asked.push(values[0])
      if (Number(values[0]) > 25) throw Object.assign(new Error('canceling statement'), { code: '57014' })
      return [{ taken: 25 }] as unknown as Row[] // as push_spread answers
    },
  })
  for (let n = 0; n < 3; n += 1) expect(await slow.spread(0)).toBe('more')
  expect(asked).toEqual([100, 25, 50])
})
