import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, test } from 'vitest'
import { webhookTypes } from '@/contracts/webhooks'
import { onlyKey } from '@/lib/auth/keyRing'
import { announceOnly } from '@/lib/bus/announceOnly'
import { deleteExpired } from '@/lib/db/expiry'
import { AnnouncedChanges } from '@/lib/db/repositories/AnnouncedChanges'
import { PrismaSearch } from '@/lib/db/repositories/PrismaSearch'
import { isFresh } from '@/lib/db/repositories/sessions'
import { createDatabases, createMailStorage, createStorage } from '@/server/createStorage'
import { systemActor } from '@/services/audit/ports'
import type { WaitingPush } from '@/services/push/ports'
import { silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { watchPlans } from '../../support/postgres/watchPlans'
import { onTeardown } from '../../support/teardown'

/** What reads whole tables, and why it may. */
const MAY_SCAN = new Set([
  // An administrator looks for people by any part of a name or address: rare, and 50 of them are shown.
  'people.page',
  // Asked when a webhook has failed for a day, once an hour at most.
  'deliveries.managers',
])

/** Beyond the largest group and the longest walk of a search. */
const MOST_READ_FOR_NOTHING = 1_500
/** What reads more rows than that of a person or a room without using them, and why it may. */
const MAY_READ_MANY = new Set([
  ...MAY_SCAN,
  // Each of one's rooms is looked at: when it was last written in, and who of it is told of one.
  ...['search.find', 'users.peersOf', 'users.audienceOf'],
])

function manyReadForNothing(plan: string): string[] {
  // A node, what belongs to it, and what it read and left out.
  const leftOut = plan.matchAll(
    /(\S[^\n]*\(cost=[^\n]*)(?:\n[^\n]*(?:Cond|Filter):[^\n]*)*\n *Rows Removed by (?:Join )?Filter: (\d+)/g,
  )
  const whole = plan.matchAll(/(Index[^\n]*Scan[^\n]*rows=(\d+)[\d.]* loops=1\))\n(?! *(?:Index Cond|Order By))/g)
  return [...leftOut, ...whole].flatMap(([, node, removed]) =>
    Number(removed) > MOST_READ_FOR_NOTHING ? [`${removed} rows for nothing by ${node}`] : [],
  )
}

const sessionTokenKeys = onlyKey('x'.repeat(32))

const codeLimits = { here: { most: 1_000, ms: 1_000 }, elsewhere: { most: 1_000, ms: 1_000 }, knownMs: 1_000 }

/** So many people, rooms of two, messages in each, notifications of each. */
async function fill(db: pg.Client, first: number, count: number): Promise<void> {
  const people = `generate_series(${first}, ${first + count - 1}) AS n`
  for (const statement of [
    `INSERT INTO users (id, email, name, notification_version, notification_unread)
     SELECT 'u' || n, 'u' || n || '@example.com', 'Person ' || n, 1, 1 FROM ${people}`,
    `INSERT INTO sessions (id, public_id, user_id, expires_at) SELECT 's' || n, 'p' || n, 'u' || n, now() + interval '1 day' FROM ${people}`,
    `INSERT INTO rooms (id, kind, direct_key, last_seq, last_rev) SELECT 'r' || n, 'direct', 'u' || n || ':x' || n, 3, 3 FROM ${people}`,
    `INSERT INTO participants (room_id, user_id, has_written)
     SELECT 'r' || n, 'u' || n, true FROM ${people} UNION ALL SELECT 'r' || n, 'u' || (n % 30), true FROM ${people} WHERE n >= 30`,
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, reply_to_id)
     SELECT 'm' || n || '-' || i, 'r' || n, i, i, 'u' || n, 'c' || n || '-' || i, 'text', CASE i WHEN 3 THEN 'm' || n || '-2' END
     FROM ${people}, generate_series(1, 3) AS i`,
    `INSERT INTO message_search (message_id, room_id, created_at, rev, words)
     SELECT 'm' || n || '-' || i, 'r' || n, now() - n * interval '1 second', i, array_to_tsvector(ARRAY[search_mark('r' || n) || 'text'])
     FROM ${people}, generate_series(1, 3) AS i`,
    `INSERT INTO search_positions (room_id, seq) SELECT 'r' || n, 2 FROM ${people}`,
    `INSERT INTO notifications (id, user_id, version, title, message, type)
     SELECT 'n' || n, 'u' || n, 1, 'A title', 'A text', 'info' FROM ${people}`,
    `INSERT INTO message_reactions (message_id, emoji, user_id) SELECT 'm' || n || '-3', '🎉', 'u' || n FROM ${people}`,
    `INSERT INTO message_mentions (room_id, user_id, seq, notification_id) SELECT 'r' || n, 'u' || n, 1, 'n' || n FROM ${people}`,
    `INSERT INTO message_writes (user_id, client_id, message_id, did) SELECT 'u' || n, 'w' || n, 'm' || n || '-1', 'delete' FROM ${people}`,
    `INSERT INTO user_blocks (blocker_id, blocked_id) SELECT 'u' || n, 'u' || CASE WHEN n >= 10 THEN n - 1 WHEN n = 4 THEN 9 ELSE 4 END FROM ${people}`,
    `INSERT INTO room_departures (user_id, room_id, left_at) SELECT 'u' || n, 'd' || n, now() FROM ${people}`,
    `INSERT INTO topic_subscriptions (user_id, topic) SELECT 'u' || n, 'news' FROM ${people} WHERE n % 100 = 0`,
    `INSERT INTO notification_preferences (user_id) SELECT 'u' || n FROM ${people}`,
    `INSERT INTO audit_log (action, outcome, actor_id, actor, transport, details) SELECT 'login', 'ok', 'u' || n, 'Person', 'http', '{}' FROM ${people}`,
    `INSERT INTO used_tickets (id, dead_at) SELECT 't' || n, now() + interval '1 minute' FROM ${people}`,
    `INSERT INTO idempotency_keys (key, fingerprint, response) SELECT 'k' || n, 'f', 'null' FROM ${people}`,
    `INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth)
     SELECT 'b' || n, 'u' || n, 'p' || n, 'https://push.example.com/' || n, '', '' FROM ${people}`,
    `INSERT INTO push_news (room_id, seq, happened_at) SELECT 'r' || n, 1, now() FROM ${people}`,
    `INSERT INTO push_waiting (subscription_id, tag, room_id, from_seq, notification_ids, began_at, happened_at, due_at)
     SELECT 'b' || n, 'room:r' || n, 'r' || n, 1, ARRAY['n' || n], now(), now(), now() + n * interval '1 second' FROM ${people}`,
    // All of one moment, as what is in the other tables: with a few moments the statistics would be of these.
    `INSERT INTO webhook_deliveries (endpoint_id, event_id, lane, type, subject, created_at)
     SELECT 'w', 'e' || n, 'room:r' || n, 'room.updated', jsonb_build_object('id', 'r' || n, 'created_at', now()), now() FROM ${people}`,
  ]) {
    await db.query(statement)
  }
}

/** The person `u5`, her room `r5`, a group and a topic have thousands of what others have few of. */
async function crowd(db: pg.Client): Promise<void> {
  const many = 'generate_series(1, 5000) AS i'
  for (const statement of [
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT room || ' m' || i, room, 1000 + i, 1000 + i, 'u5', room || ' c' || i, 'text' FROM unnest(ARRAY['r5', 'a group']) AS room, ${many}`,
    `UPDATE rooms SET last_seq = 6000, last_rev = 6000 WHERE id IN ('r5', 'a group')`,
    `INSERT INTO participants (room_id, user_id) SELECT 'r' || 100 + i, 'u5' FROM ${many}`,
    `INSERT INTO participants (room_id, user_id) SELECT 'a group', 'u' || 100 + i FROM generate_series(1, 900) AS i`,
    `INSERT INTO notifications (id, user_id, version, title, message, type)
     SELECT 'many' || i, 'u5', 1000 + i, 'A title', 'A text', 'info' FROM ${many}`,
    `UPDATE users SET notification_version = 6000, notification_unread = 5001 WHERE id = 'u5'`,
    `INSERT INTO message_mentions (room_id, user_id, seq, notification_id) SELECT 'r5', 'u5', 1000 + i, 'many' || i FROM ${many}`,
    `INSERT INTO message_writes (user_id, client_id, message_id, did) SELECT 'u5', 'many' || i, 'r5 m' || i, 'delete' FROM ${many}`,
    `INSERT INTO message_reactions (message_id, emoji, user_id) SELECT 'r5 m' || i, '🎉', 'u5' FROM ${many}`,
    `INSERT INTO message_reactions (message_id, emoji, user_id) SELECT 'm5-3', '🎉', 'u' || 100 + i FROM ${many}`,
    `INSERT INTO user_blocks (blocker_id, blocked_id) SELECT 'u' || 100 + i, 'u5' FROM ${many}`,
    `INSERT INTO topic_subscriptions (user_id, topic) SELECT 'u' || 100 + i, 'news' FROM ${many}`,
    `INSERT INTO room_departures (user_id, room_id, left_at) SELECT 'u5', 'many' || i, now() FROM ${many}`,
    `INSERT INTO audit_log (action, outcome, actor_id, actor, transport, details) SELECT 'login', 'ok', 'u5', 'Person', 'http', '{}' FROM ${many}`,
  ]) {
    await db.query(`${statement}${statement.startsWith('INSERT') ? ' ON CONFLICT DO NOTHING' : ''}`)
  }
}

test('no request reads a whole table that grows, nor all of a room or person, also with plans and statistics of the time when it was small', async () => {
  const url = await createTestDatabase()
  const plans = await watchPlans(url)
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  onTeardown(() => db.end())
  // What fills the tables is no request, and many thousands of statements inside of triggers.
  await db.query('SET auto_explain.log_min_duration = -1')
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`,
  )
  for (const { name } of tables) await db.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`)
  await db.query(`INSERT INTO topics (name, is_public) VALUES ('news', true)`)
  // It is told of what is exercised, not of what the tables are filled with.
  const tellWebhook = (enabled: boolean) =>
    db.query(`UPDATE webhook_endpoints SET enabled = $1 WHERE id = 'w'`, [enabled])
  await db.query(
    `INSERT INTO webhook_endpoints (id, url, events, secret, enabled) VALUES ('w', 'https://example.com/', $1, '', false)`,
    [webhookTypes],
  )
  await fill(db, 0, 10)
  await tellWebhook(true)
  await db.query('ANALYZE')
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ('a group', 'group', 'A group')`)
  await db.query(`INSERT INTO participants (room_id, user_id, role) VALUES ('a group', 'u5', 'owner')`)

  // One connection each: the plans of functions are kept there.
  const databases = createDatabases({ databaseUrl: url, databasePoolSize: 1 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const announcing = announceOnly('test')
  const storage = createStorage(databases, announcing, { secondFactorForAdmins: false })
  const announced = new AnnouncedChanges(databases.db)
  const parts = { ...storage, ...createMailStorage(databases, announcing, { sessionTokenKeys }), announced }
  const called = new Set<string>()
  const found: string[] = []
  let waiting: WaitingPush | undefined
  /** Tables that have grown. */
  let large: string[] = []

  /** Everything that is asked of the database, of and by the person `u5` and her room `r5`. */
  async function exercise(round: number): Promise<void> {
    const [me, room, group] = ['u5', 'r5', 'a group']
    const steps: Record<string, () => Promise<unknown>> = {
      'messages.insert': () =>
        parts.messages.insert(
          ['r5', 'r6', 'r7', 'nowhere'].map((roomId, i) => ({
            ...{ id: randomUUID(), roomId, senderId: `u${i + 5}`, message: 'Hello' },
            clientId: i === 1 ? 'c6-1' : randomUUID(),
            replyToId: i === 1 ? undefined : `m${i + 5}-1`,
          })),
        ),
      'messages of which none has anything besides': () =>
        parts.messages.insert(
          ['r8', 'r9'].map((roomId, i) => ({
            ...{ id: randomUUID(), roomId, senderId: `u${i + 8}`, message: 'Hello' },
            clientId: i === 1 ? 'c9-1' : randomUUID(),
          })),
        ),
      'the first message of a room': async () => {
        const [senderId, other] = ['u0', 'u1', 'u2', 'u3', 'u6', 'u7', 'u8'].slice(round, round + 1).concat('u9')
        const opened = await parts.rooms.getOrCreateDirect(senderId ?? '', other ?? '')
        if (typeof opened === 'string') throw new Error('There is no room.')
        for (const who of [senderId, other]) {
          const message = {
            id: randomUUID(),
            roomId: opened.roomId,
            senderId: who ?? '',
            clientId: randomUUID(),
            message: 'Hello',
          }
          await parts.messages.insert([message])
        }
      },
      'messages that name somebody': async () => {
        const name = (mentions: string[]) => ({
          ...{ id: randomUUID(), roomId: group, senderId: me, clientId: randomUUID(), message: 'Hello', mentions },
        })
        const [sent] = await parts.messages.insert([name(['u7']), name(['u7', 'u8', 'u9'])])
        if (round === 0) await parts.groups.add(me, group, ['u7', 'u8'])
        if (sent && 'message' in sent) {
          const { id: messageId } = sent.message
          for (const mentions of [['u8'], ['u7']]) {
            await parts.messages.change(me, { messageId, text: `Text ${mentions}`, mentions, clientId: undefined })
          }
        }
        await parts.rooms.markRead('u7', group, undefined)
      },
      'messages.change': async () => {
        await parts.messages.change(me, { messageId: 'm5-1', text: `Text ${round}`, clientId: randomUUID() })
        await parts.messages.change(me, { messageId: 'm5-1', text: null, clientId: 'c' })
        await parts.messages.change(me, { messageId: 'm5-2', text: null, clientId: undefined })
      },
      'messages.react': async () => {
        for (const on of [true, false]) {
          await parts.messages.react(me, { messageId: 'm5-3', emoji: '👍', on, clientId: randomUUID() })
        }
      },
      'messages.reactions': async () => {
        await parts.messages.reactions(me, { messageId: 'm5-3' })
        await parts.messages.reactions(me, { messageId: 'm5-3', cursor: Buffer.from('👍 u1').toString('base64url') })
      },
      'messages.details': async () => {
        await parts.messages.details(me, room, [1, 2, 3])
      },
      'messages.history': async () => {
        for (const place of [{}, { beforeSeq: 3 }, { afterSeq: 1 }, { aroundSeq: 2 }]) {
          await parts.messages.history(me, { roomId: room, limit: 50, ...place })
        }
      },
      'messages.changesSince': () =>
        parts.messages.changesSince(
          me,
          new Map([
            [room, { lastRev: 1, readRev: 99 }],
            ['r6', { lastRev: 0, readRev: undefined }],
            [group, { lastRev: 0, readRev: 99 }],
          ]),
        ),
      'search.find': async () => {
        for (const query of [{ words: ['text'] }, { words: ['some', 'thi'] }, { words: ['te'], roomId: room }]) {
          await parts.search.find(me, query)
        }
      },
      'search.advance': () => parts.search.advance([room, 'r6', 'nowhere']),
      'search.behind': () => parts.search.behind('r5'),
      'rooms.getOrCreateDirect': async () => {
        await parts.rooms.getOrCreateDirect(me, `u${round % 4}`)
        await parts.rooms.getOrCreateDirect(me, `u${round % 4}`)
      },
      'rooms.load': () => parts.rooms.load(me, room),
      'rooms.participants': () => parts.rooms.participants(me, room),
      'rooms.list': async () => {
        const { nextCursor } = await parts.rooms.list('u1', undefined)
        if (nextCursor) await parts.rooms.list('u1', nextCursor)
      },
      'rooms.loadFor': async () => {
        await parts.rooms.loadFor(group, [me, 'u6'])
        await parts.rooms.loadFor(room, [me])
      },
      'rooms.roomIdsOf': () => parts.rooms.roomIdsOf(me, [room]),
      'rooms.roomIdsOfEach': () => parts.rooms.roomIdsOfEach([me, 'u6', 'u7']),
      'rooms.membership': () => parts.rooms.membership(me, group),
      'rooms.markRead': () => parts.rooms.markRead(me, room, undefined),
      'rooms.heads': async () => {
        await parts.rooms.heads(me, { since: new Date() })
        await Promise.all([
          parts.rooms.heads(me, { since: new Date(), page: 'first' }),
          parts.rooms.heads('u1', { since: new Date(), page: 'first' }),
          parts.rooms.heads('u6', 'none'),
        ])
        const { nextCursor } = await parts.rooms.heads('u1', { since: undefined, page: 'first' })
        if (nextCursor) await parts.rooms.heads('u1', { since: undefined, page: { cursor: nextCursor } })
      },
      'blocks.set': async () => {
        for (const other of [`u${round % 4}`, 'u8']) {
          await parts.blocks.set(me, other, true)
          await parts.rooms.getOrCreateDirect(me, other)
          await parts.blocks.set(me, other, false)
        }
      },
      'blocks.list': async () => {
        const { nextCursor } = await parts.blocks.list(me, undefined)
        if (nextCursor) await parts.blocks.list(me, nextCursor)
      },
      'groups.create': () =>
        parts.groups.create(me, { clientId: `g${round}`, name: 'A group', userIds: ['u1', 'u2', 'u3'] }),
      'groups.update': () => parts.groups.update(me, group, { name: `Name ${round}`, avatarImage: null }),
      'groups.add': () => parts.groups.add(me, group, ['u6', 'u7']),
      'groups.setRole': async () => {
        await parts.groups.setRole(me, group, 'u6', 'owner')
        await parts.groups.setRole('u6', group, me, 'admin')
        await parts.groups.setRole('u6', group, me, 'owner')
      },
      // The last owner but one, and then the last: somebody else becomes one.
      'groups.remove': async () => {
        await parts.groups.remove('u6', group, me)
        await parts.groups.remove('u6', group, 'u6')
        await db.query(`UPDATE participants SET role = 'member' WHERE room_id = $1`, [group])
        await db.query(`INSERT INTO participants (room_id, user_id, role) VALUES ($1, $2, 'owner')`, [group, me])
      },
      'groups.setPreferences': () => parts.groups.setPreferences(me, room, { pinned: true, mutedUntil: null }),
      'groups.viewsOf': () => parts.groups.viewsOf(room, [me, 'u1']),
      'groups.members': () => parts.groups.members(me, group, ['u1']),
      'groups.membersPage': async () => {
        const last = await parts.groups.membersPage(me, group, undefined)
        await parts.groups.membersPage(me, group, last?.nextCursor ?? undefined)
      },
      'users.create': () =>
        parts.users.create({ email: `${randomUUID()}@example.com`, name: 'New', passwordHash: null }),
      'users.byEmail': () => parts.users.byEmail('u5@example.com'),
      'users.byId': () => parts.users.byId(me),
      'users.update': () => parts.users.update(me, { name: 'Another name' }),
      'users.rehashPassword': () => parts.users.rehashPassword(me, 'one hash', 'another'),
      'users.setPassword': () =>
        parts.users.setPassword(
          'u9',
          {
            from: round === 0 ? null : `hash ${round - 1}`,
            to: `hash ${round}`,
            session: { publicId: 'p9', secretHash: `secret ${round}` },
          },
          systemActor,
        ),
      'users.demoAccounts': () => parts.users.demoAccounts(),
      'users.search': async () => {
        for (const query of ['', 'p', 'person 4', 'u5@example.com']) await parts.users.search(query, me)
      },
      'users.touch': () =>
        parts.users.touch(
          new Map([
            [me, new Date()],
            ['u6', new Date()],
          ]),
        ),
      'users.lastSeenOf': () => parts.users.lastSeenOf([me, 'u6']),
      'users.peersOf': async () => {
        await parts.users.peersOf(me, 100)
        await parts.users.peersOf(me, 100, ['u6'])
      },
      'users.audienceOf': () => parts.users.audienceOf(me),
      'users.isTold': () => parts.users.isTold('u6', me),
      'people.page': () => parts.people.page('person', undefined),
      'people.transaction': () =>
        parts.people.transaction(async (people) => {
          await people.find(me)
          await people.write(me, { permissions: { added: ['admin:view-health'], removed: [] } })
          await people.endSessions('u4')
          await people.record(systemActor, { action: 'session.end', target: me })
          await people.hasAdmin()
        }),
      'sessions.live': () => parts.sessions.live(['p5', 'p6']),
      'sessions.seen': () => parts.sessions.seen(['p5', 'p6']),
      'tickets.redeem': () => parts.tickets.redeem({ id: randomUUID(), deadAt: new Date(), sessionId: 'p5' }),
      'notifications.list': () => parts.notifications.list(me, { limit: 20 }),
      'notifications.since': async () => {
        await parts.notifications.since(me, undefined)
        await parts.notifications.since(me, 1)
      },
      'notifications.followers': () => parts.notifications.followers('news'),
      'notifications.create': () =>
        parts.notifications.create([me, 'u6'], { title: 'A title', message: 'A text', type: 'info' }),
      'notifications.setStatus': async () => {
        await parts.notifications.setStatus('u6', 'n6', 'read')
        await parts.notifications.setStatus('u6', 'n6', 'unread')
      },
      'notifications.delete': () => parts.notifications.delete('u7', `n${round}`),
      'notifications.markAllRead': () => parts.notifications.markAllRead(me),
      'notifications.clear': () => parts.notifications.clear('u4'),
      'notifications.subscribe': () => parts.notifications.subscribe(me, 'news'),
      'notifications.unsubscribe': () => parts.notifications.unsubscribe(me, 'news'),
      'notifications.topics': () => parts.notifications.topics(me, undefined),
      'preferences.chosen': () => parts.preferences.chosen(me),
      'preferences.change': () =>
        parts.preferences.change('u0', {
          kinds: { info: { bell: false } },
          topics: { news: { bell: false } },
          quietHours: { enabled: true },
        }),
      'preferences.chooseDigest': () => parts.preferences.chooseDigest(me, round % 2 === 0 ? 'hour' : 'day'),
      'users.proveEmail': () => parts.users.proveEmail(me, 'u1@example.com'),
      'preferences.endDigests': () => parts.preferences.endDigests(randomUUID()),
      'digests.claim': () => parts.digests.claim(),
      'digests.unread': () => parts.digests.unread({ id: 'u2', toldAt: new Date(0) }),
      'digests.note': () =>
        parts.digests.note(
          { id: 'u2', claimedUntil: new Date() },
          {
            lookAt: new Date(),
            ...{ isSent: true, told: { rooms: [{ roomId: 'r2', lastSeq: round }], notificationsUntil: new Date(0) } },
          },
        ),
      'mails.add': () => parts.mails.add({ kind: 'password-changed', userId: 'u5' }),
      'resets.begin': () => parts.resets.begin(me, randomUUID(), new Date(Date.now() + 60_000)),
      'resets.ownerOf': () => parts.resets.ownerOf('none'),
      'resets.finish': async () => {
        const secret = randomUUID()
        await parts.resets.begin('u3', secret, new Date(Date.now() + 60_000))
        return parts.resets.finish(secret, 'hash', systemActor)
      },
      'idempotency.once': () => parts.idempotency.once(randomUUID(), {}, async () => ({ count: 0, ids: [] })),
      'canaryRooms.roomOf': () => parts.canaryRooms.roomOf(me),
      'canaryRooms.sweep': async () => parts.canaryRooms.sweep(await parts.canaryRooms.roomOf(me)),
      'audit.append': () => parts.audit.append([{ action: 'login', actor: systemActor, at: new Date() }]),
      'audit.page': () => parts.audit.page({ limit: 50 }),
      'secondFactors.find': () => parts.secondFactors.find(me),
      'secondFactors.codesLeft': () => parts.secondFactors.codesLeft(me),
      'secondFactors.begin': () => parts.secondFactors.begin(me, 'sealed'),
      'secondFactors.confirm': () =>
        parts.secondFactors.confirm({ ...systemActor, sessionId: 'p5' }, me, {
          ...{ step: round, codeHashes: [randomUUID()], sessionSecretHash: randomUUID() },
        }),
      'secondFactors.attempt': () => parts.secondFactors.attempt(me, { kind: 'app', address: '::1' }, codeLimits),
      'secondFactors.forgive': () => parts.secondFactors.forgive(me, '::1', codeLimits),
      'secondFactors.takeStep': () => parts.secondFactors.takeStep(me, 1_000 + round),
      'secondFactors.takeCode': () => parts.secondFactors.takeCode(me, 'hash'),
      'secondFactors.remove': () => parts.secondFactors.remove(systemActor, me),
      'signInSteps.begin': () => parts.signInSteps.begin('google', { userId: me, data: {} }, 1_000),
      'signInSteps.guess': () => parts.signInSteps.guess('google', 'secret', 5),
      'signInSteps.take': () => parts.signInSteps.take('google', 'secret'),
      'invites.create': () => parts.invites.create(systemActor, { hash: randomUUID(), email: null, lifeMs: 1_000 }),
      'invites.find': () => parts.invites.find('hash'),
      'accounts.find': () => parts.accounts.find({ provider: 'google', subject: 'subject' }),
      'accounts.ofUser': () => parts.accounts.ofUser(me),
      'accounts.link': () =>
        parts.accounts.link(me, { provider: 'google', subject: 'subject', email: 'a@example.com' }, systemActor),
      'accounts.unlink': () => parts.accounts.unlink(me, systemActor),
      'announced.messages': () => parts.announced.messages([{ roomId: room, fromRev: 1, toRev: 2 }]),
      'announced.recent': () => parts.announced.recent([room, 'r6'], 5_000),
      'announced.memberIds': () => parts.announced.memberIds(room),
      'announced.notifications': () => parts.announced.notifications([[me, 1]]),
      'sessions.isFresh': () => isFresh(databases.db, 'p5', 1_000),
      'webhooks.list': () => parts.webhooks.list(),
      'webhooks.find': () => parts.webhooks.find('w'),
      'webhooks.create': () =>
        parts.webhooks.create(
          systemActor,
          { id: `w${round}`, url: 'https://example.com/', description: '', events: [], secret: '' },
          20,
        ),
      'webhooks.change': () => parts.webhooks.change(systemActor, 'w', { description: `In round ${round}` }),
      'webhooks.rotate': () => parts.webhooks.rotate(systemActor, 'w', 'another', 1_000),
      'webhooks.delete': () => parts.webhooks.delete(systemActor, `w${round}`),
      'webhooks.deliveries': async () => {
        const { nextCursor } = await parts.webhooks.deliveries({ id: 'w', limit: 5 })
        await parts.webhooks.deliveries({ id: 'w', limit: 5, cursor: nextCursor ?? undefined })
      },
      'webhooks.replay': () => parts.webhooks.replay(systemActor, 'w', '1'),
      'webhooks.replaySpan': () => {
        const [from, to] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() - 59_999).toISOString()]
        return parts.webhooks.replaySpan(systemActor, 'w', { from, to }, 10)
      },
      'deliveries.waiting': () => parts.deliveries.waiting(),
      'deliveries.lanes': () => parts.deliveries.lanes('w', 'room:r1', 10),
      'deliveries.next': () => parts.deliveries.next('w', 'room:r5', '1'),
      'deliveries.succeeded': () => parts.deliveries.succeeded('w', '2', { status: 200, body: '' }),
      'deliveries.failed': () => parts.deliveries.failed('w', '3', { error: 'no' }, { retryInMs: 1_000 }),
      'deliveries.disable': () => parts.deliveries.disable({ id: 'nowhere', url: 'https://example.com/' }),
      'deliveries.wantsPresence': () => parts.deliveries.wantsPresence(),
      'deliveries.notePresence': () =>
        parts.deliveries.notePresence(me, { isOnline: true, lastSeen: '2026-01-01T00:00:00.000Z' }),
      'deliveries.managers': () => parts.deliveries.managers(),
      'push.add': () => {
        const subscription = { id: randomUUID(), userId: me, sessionId: 'p5', endpoint: 'https://push.example.com/a' }
        return parts.push.add({ ...subscription, keys: { p256dh: '', auth: '' } }, 1)
      },
      'push.spread': async () => {
        while ((await parts.push.spread(0)) === 'more');
      },
      'push.take': async () => {
        const [push] = await parts.push.take({ most: 5, leaseMs: 1_000, mostOfServer: 8, underWay: [] })
        if (push) waiting = push
      },
      'push.done': async () => waiting && parts.push.done(waiting, 1_000),
      'push.sent': async () => waiting && parts.push.sent(waiting, { delayMs: 1_000, rememberMs: 60_000 }),
      'push.postpone': async () => waiting && parts.push.postpone(waiting, 1_000),
      'push.failed': async () =>
        waiting && parts.push.failed(waiting, { retryMs: 1_000, giveUpMs: 3_600_000, forgetMs: 3_600_000 }),
      'push.nextInMs': () => parts.push.nextInMs(),
      'push.gone': async () => waiting && parts.push.gone(waiting),
      'push.remove': () => parts.push.remove(me, 'https://push.example.com/a'),
      deleteExpired: () => deleteExpired(databases.db, { auditRetentionDays: 90 }),
    }
    for (const [name, step] of Object.entries(steps)) {
      plans.length = 0
      await step()
      called.add(name)
      if (round < 6) continue
      for (const { statement, plan } of plans) {
        // PostgreSQL's own look at a foreign key: it plans that anew whenever a table's statistics are taken, and asks nobody.
        if (statement.startsWith('SELECT 1 FROM ONLY')) continue
        for (const [, table = ''] of plan.matchAll(/Seq Scan on (\w+)/g)) {
          if (large.includes(table) && !MAY_SCAN.has(name))
            found.push(`${name} reads all of ${table}: ${statement.slice(0, 300)}`)
        }
        for (const many of MAY_READ_MANY.has(name) ? [] : manyReadForNothing(plan)) {
          found.push(`${name} reads ${many}: ${statement.slice(0, 300)}`)
        }
      }
    }
  }

  // A plan is kept from the sixth time on.
  for (let round = 0; round < 6; round++) await exercise(round)
  // Nor with the plans by which this connection checked foreign keys of ten rows.
  await db.query('DISCARD PLANS')
  await tellWebhook(false)
  await fill(db, 10, 20_000)
  await crowd(db)
  await tellWebhook(true)
  const { rows: grown } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 500000`,
  )
  large = grown.map(({ name }) => name)
  expect(large).toEqual(
    expect.arrayContaining(['users', 'sessions', 'rooms', 'participants', 'messages', 'notifications']),
  )
  await exercise(6)

  const all = Object.entries(parts).flatMap(([part, repository]) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(repository)).map((method) => `${part}.${method}`),
  )
  // Parts of those above.
  const inner =
    /\.(constructor|audiencesOf|readPositions|topicsOf|ids|redeemAll|pinnedRooms|roomsOf|addChangedRooms|ask|changeOne|asMuchAsGoes|addIn|good)$/
  expect(found).toEqual([])
  expect(all.filter((name) => !called.has(name) && !inner.test(name))).toEqual([])
  // Everything is asked seven times, and each plan is written down.
}, 120_000)

test('with the plan of an empty table, an answer does not read the room whose message it answers', async () => {
  const url = await createTestDatabase()
  const plans = await watchPlans(url)
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  onTeardown(() => db.end())
  await db.query(`INSERT INTO users (id, email, name) VALUES ('ada', 'ada@example.com', 'Ada')`)
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ('r', 'group', 'A group')`)
  await db.query(`INSERT INTO participants (room_id, user_id) VALUES ('r', 'ada')`)
  const answer = async (replyTo?: string) => {
    const id = randomUUID()
    const extras = replyTo === undefined ? null : JSON.stringify({ [id]: { replyTo } })
    await db.query({
      ...{ name: 'answer', text: 'SELECT * FROM insert_messages_batch($1, $2, $3, $1, $4, NULL, $5)' },
      values: [[id], ['r'], ['ada'], ['Text'], extras],
    })
    return id
  }
  const first = await answer()
  for (let n = 0; n < 6; n++) await answer(first)
  await db.query(
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT 'm' || i, 'r', 7 + i, 7 + i, 'ada', 'm' || i, 'text' FROM generate_series(1, 5000) AS i`,
  )
  await db.query(`UPDATE rooms SET last_seq = 5007, last_rev = 5007`)

  plans.length = 0
  await answer('m5000')
  expect(plans.filter(({ plan }) => plan.includes('messages_pkey'))).not.toEqual([])
  expect(plans.flatMap(({ plan }) => manyReadForNothing(plan))).toEqual([])
})

test('a common word is never asked of the index, however much is written elsewhere; a rare one is', async () => {
  const url = await createTestDatabase()
  const plans = await watchPlans(url)
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  onTeardown(() => db.end())
  await db.query('SET auto_explain.log_min_duration = -1')
  for (const statement of [
    `INSERT INTO users (id, email, name) VALUES ('me', 'me@example.com', 'Me'), ('other', 'other@example.com', 'Other')`,
    `INSERT INTO rooms (id, kind, name, last_seq, last_rev) SELECT name, 'group', name, 5000, 5000 FROM unnest(ARRAY['busy', 'quiet', 'foreign']) name`,
    `INSERT INTO participants (room_id, user_id) VALUES ('busy', 'me'), ('quiet', 'me'), ('foreign', 'other')`,
    // The quiet room ends before the busy one begins, and that ends before the foreign one begins.
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
     SELECT room || n, room, n, n, 'other', room || n, 'text', now() - (days * 86400 + 5000 - n) * interval '1 second'
     FROM (VALUES ('busy', 1), ('quiet', 400), ('foreign', 0)) AS rooms(room, days), generate_series(1, 5000) n`,
    `INSERT INTO message_search (message_id, room_id, created_at, rev, words)
     SELECT id, room_id, created_at, rev, array_to_tsvector(ARRAY_REMOVE(ARRAY[search_mark(room_id) || 'common',
       CASE WHEN seq = 1 THEN search_mark(room_id) || 'rare' END], NULL)) FROM messages`,
  ]) {
    await db.query(statement)
  }
  const databases = createDatabases({ databaseUrl: url, databasePoolSize: 1 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const search = new PrismaSearch(databases.db)
  const find = async (query: Parameters<typeof search.find>[1]) => {
    plans.length = 0
    const { hits, nextCursor } = await search.find('me', query)
    const isIndexAsked = plans.some(({ plan }) => plan.includes('message_search_words_idx'))
    return { found: hits.map(({ message }) => message.id), nextCursor, isIndexAsked }
  }
  const newest = (room: string, from: number) => Array.from({ length: 20 }, (_, i) => `${room}${from - i}`)

  const first = await find({ words: ['common'] })
  expect(first).toMatchObject({ found: newest('busy', 5_000), isIndexAsked: false })
  const second = await find({ words: ['comm'], cursor: first.nextCursor ?? undefined })
  expect(second).toMatchObject({ found: newest('busy', 4_980), isIndexAsked: false })
  const quiet = await find({ words: ['common'], roomId: 'quiet' })
  expect(quiet).toMatchObject({ found: newest('quiet', 5_000), isIndexAsked: false })
  expect(await find({ words: ['rare'] })).toEqual({ found: ['busy1', 'quiet1'], nextCursor: null, isIndexAsked: true })
  expect(await find({ words: ['common'], roomId: 'foreign' })).toMatchObject({ found: [] })
})
