import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { newAdmin, setPermissions } from '../../support/servers/permissions'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, heard, http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

/** What is promised: 5 s; the rest is for a busy machine. */
const SOON = { timeoutMs: 6_500 }

let redis: RedisServer
let servers: TestServers
let chief: TestUser

beforeAll(async () => {
  redis = await startTestRedis()
  servers = await startServers({ redisUrl: redis.url, sockets: 2 })
  chief = await newAdmin(servers, 'Chief')
})

const query = (sql: string, { id }: TestUser) => servers.db.query(sql, [id])
const change = (user: TestUser, body: object) => chief.http('PATCH', `/api/admin/users/${user.id}`, body)

/** What an administrator does to each of four people, and the same past the application, which nobody is told of. */
const acts = {
  announced: {
    demote: (user: TestUser) => change(user, { role: 'user' }),
    silence: (user: TestUser) => change(user, { permissions: { added: [], removed: ['chat:write'] } }),
    end: (user: TestUser) => chief.http('DELETE', `/api/admin/users/${user.id}/sessions`),
    disable: (user: TestUser) => change(user, { disabled: true }),
  },
  'not heard of': {
    demote: (user: TestUser) => query(`UPDATE users SET role = 'user' WHERE id = $1`, user),
    silence: (user: TestUser) => setPermissions(servers, user, { removed: ['chat:write'] }),
    end: (user: TestUser) => query('DELETE FROM sessions WHERE user_id = $1', user),
    disable: (user: TestUser) => query('UPDATE users SET disabled_at = now() WHERE id = $1', user),
  },
}

const outages: [string, { begin: () => Promise<void> | void; end: () => Promise<void> | void }][] = [
  ['answers', { begin: () => {}, end: () => {} }],
  ['was stopped a moment ago', { begin: () => redis.kill(), end: () => redis.start() }],
  ['hangs', { begin: () => redis.freeze(), end: () => redis.thaw() }],
]

const isLinked = async () =>
  (await Promise.all(servers.sockets.map(({ url }) => http(url, 'GET', '/health/ready')))).every(
    ({ body }) => (body as { status: string }).status === 'ok', // its answer
  )

describe.each(outages)('while Redis %s', (_state, outage) => {
  test.each(['announced', 'not heard of'] as const)(
    'what is taken from people, %s, is gone for their sockets on every instance within 5 s',
    async (way) => {
      await waitFor(isLinked)
      const [demoted, ended] = [await newAdmin(servers), await servers.user()]
      const [silenced, disabled] = [await servers.user(), await servers.user()]
      const { id: roomId } = await directRoom(silenced, chief)
      const everywhere = <S>(connect: (options: { url: string }) => Promise<S>) =>
        Promise.all(servers.sockets.map(({ url }) => connect({ url })))
      const sockets = {
        ofDemoted: await everywhere(demoted.connectAdmin),
        ofSilenced: await everywhere(silenced.connect),
        ofEnded: [...(await everywhere(ended.connect)), ...(await everywhere(ended.connectNotifications))],
        ofDisabled: await everywhere(disabled.connect),
      }
      const told = sockets.ofSilenced.map((socket) => heard(socket, 'permissionsUpdated'))
      const { demote, silence, end, disable } = acts[way]
      if (way === 'not heard of') await servers.db.query('ALTER TABLE users DISABLE TRIGGER announce_user')
      try {
        await outage.begin()
        await Promise.all([demote(demoted), silence(silenced), end(ended), disable(disabled)])
        const begun = performance.now()
        await waitFor(
          () =>
            [...sockets.ofDemoted, ...sockets.ofEnded, ...sockets.ofDisabled].every(({ connected }) => !connected) &&
            told.every((list) => list.at(-1)?.permissions.includes('chat:write') === false),
          SOON,
        )
        // Told at once, nobody has to be looked for.
        if (way === 'announced') expect(performance.now() - begun).toBeLessThan(3_000)
        for (const socket of sockets.ofSilenced) {
          const words = { roomId, message: 'may I still?', clientId: randomUUID() }
          expect(await ask(socket, 'sendMessage', words)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
        }
      } finally {
        await servers.db.query('ALTER TABLE users ENABLE TRIGGER announce_user')
        await outage.end()
      }
    },
  )
})
