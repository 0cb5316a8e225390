import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { ErrorCode } from '@/contracts/errors'
import { hashOfSecret } from '@/lib/auth/secretHash'
import { newAdmin, setPermissions } from '../../../support/servers/permissions'
import { directRoom, groupOf } from '../../../support/servers/rooms'
import type { TestServers } from '../../../support/servers/servers'
import { http, type TestUser } from '../../../support/servers/testUser'
import { publicTopic } from '../../../support/servers/topics'

/** Who has an account. */
export const people = ['stranger', 'removed', 'member', 'owner', 'admin', 'without', 'disabled'] as const
export type PersonName = (typeof people)[number]
export const callers = ['nobody', ...people, 'service'] as const
export type CallerName = (typeof callers)[number]

/** Whose role is admin; `without` so that only the one permission that is taken stands against them. */
export const admins: readonly CallerName[] = ['admin', 'without', 'disabled']

/** People, and what commands are about. */
export interface World {
  people: Record<PersonName, TestUser>
  roomOf: (caller: CallerName) => string
  groupId: string
  /** A new message that `owner` sent in the conversation with `member`. */
  message: () => Promise<string>
  /** A new notification of `owner`. */
  notification: () => Promise<string>
  /** The id of a connection that somebody may close. */
  connectionId: () => Promise<string>
  /** A new webhook that is told of nothing. */
  webhookId: () => Promise<string>
  /** A delivery of one. */
  delivery: () => Promise<{ id: string; deliveryId: string }>
  /** From here on there are none. */
  withoutWebhooks: () => Promise<void>
  /** Open to everybody. */
  topic: string
  /** Whom admins act on. */
  target: TestUser
  demoEmail: string
  /** Another session of `owner`, by its public id. */
  ownersSession: () => Promise<string>
  /** With what this caller, who may be nobody, confirms a second factor that was begun just now. */
  firstCode: (caller: CallerName) => Promise<string>
  /** What stands in for a code of the second factor that this caller has from now on. */
  recoveryCode: (caller: CallerName) => Promise<string>
  /** What ends the digests of `target`. */
  digestToken: () => Promise<string>
  /** Of a link for another password of somebody new. */
  resetToken: () => Promise<string>
  /** The second step of a sign-in whose password was right. */
  secondStep: () => Promise<{ challenge: string; code: string }>
  /** A new one of `disabled`, from a moment before their account was closed. */
  tokenFromBefore: (audience: string) => Promise<string>
}

const someCode = '123456'
/** Whether this caller gets as far as to what a command does. */
const hasDoor = (caller: CallerName): caller is PersonName => !['nobody', 'service', 'disabled'].includes(caller)

async function beginFactor(user: TestUser): Promise<string> {
  const { body } = await user.http('POST', '/api/auth/totp', { password: user.password })
  const { secret } = body as { secret: string } // the contract's answer
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate()
}

/** Resolves to a recovery code. */
async function setFactor(user: TestUser): Promise<string> {
  const { body } = await user.http('POST', '/api/auth/totp/confirm', { code: await beginFactor(user) })
  const [code = ''] = (body as { recoveryCodes: string[] }).recoveryCodes // the contract's answer
  return code
}

export async function createWorld(servers: TestServers): Promise<World> {
  const { db, serviceKey, webUrl } = servers
  // One after the other: ten passwords hashed at once take a busy machine longer than a command may.
  const named: [PersonName, TestUser][] = []
  for (const name of people) {
    named.push([name, await (admins.includes(name) ? newAdmin(servers, name) : servers.user(name))])
  }
  const all = Object.fromEntries(named) as World['people'] // one for each name
  const target = await servers.user('Target')
  const bystander = await servers.user('Bystander')
  const demo = await servers.user('Demo')
  const topic = await publicTopic(servers)
  await db.query('UPDATE users SET is_demo = true WHERE id = $1', [demo.id])
  const { id: roomId } = await directRoom(all.owner, all.member)
  const { id: formerId } = await directRoom(all.owner, all.removed)
  await db.query(`SELECT remove_participant($1, $2, 'a test')`, [formerId, all.removed.id])
  const { id: groupId } = await groupOf(all.owner, [all.member, all.removed])
  await db.query(`SELECT remove_participant($1, $2, 'a test')`, [groupId, all.removed.id])
  const close = () => db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [all.disabled.id])
  await close()
  const webhookId = async () => {
    const id = randomUUID()
    await db.query(
      `INSERT INTO webhook_endpoints (id, url, events, secret) VALUES ($1, 'https://webhook.invalid/', '{}', '')`,
      [id],
    )
    return id
  }
  return {
    webhookId,
    async delivery() {
      const id = await webhookId()
      const { rows } = await db.query<{ id: string }>(
        `INSERT INTO webhook_deliveries (endpoint_id, event_id, lane, type, subject, status)
         VALUES ($1, 'evt', 'room:r', 'participant.removed', '{}', 'dead') RETURNING id`,
        [id],
      )
      return { id, deliveryId: rows[0]?.id ?? '' }
    },
    withoutWebhooks: async () => void (await db.query('DELETE FROM webhook_endpoints')),
    people: all,
    roomOf: (caller) => (caller === 'removed' ? formerId : roomId),
    groupId,
    async message() {
      const input = { roomId, message: 'hello', clientId: randomUUID() }
      const { body } = await all.owner.http('POST', '/api/chat/messages', input)
      return (body as { id: string }).id // the contract's answer
    },
    async notification() {
      const content = { userId: all.owner.id, title: 'A title', message: 'A message' }
      const authorization = { authorization: `Bearer ${serviceKey}` }
      const { body } = await http(webUrl, 'POST', '/api/notifications', content, authorization)
      return (body as { ids: [string] }).ids[0] // the contract's answer
    },
    async ownersSession() {
      const id = randomUUID()
      await db.query(
        `INSERT INTO sessions (id, public_id, user_id, expires_at) VALUES ($1, $1, $2, now() + interval '1 day')`,
        [id, all.owner.id],
      )
      return id
    },
    firstCode: async (caller) => (hasDoor(caller) ? beginFactor(all[caller]) : someCode),
    recoveryCode: async (caller) => (hasDoor(caller) ? setFactor(all[caller]) : someCode),
    async digestToken() {
      const { rows } = await db.query('SELECT token FROM digests WHERE user_id = $1', [target.id])
      return rows[0].token
    },
    async resetToken() {
      const token = randomUUID()
      await db.query(`INSERT INTO users (id, email, name) VALUES ($1, $1 || '@example.com', 'Somebody new')`, [token])
      await db.query(
        `INSERT INTO sign_in_steps (id, kind, user_id, expires_at) VALUES ($1, 'password-reset', $2, now() + interval '1 hour')`,
        [hashOfSecret(token), token],
      )
      return token
    },
    async secondStep() {
      const code = await setFactor(target)
      const { body } = await http(webUrl, 'POST', '/api/auth/login', target)
      return { challenge: (body as { challenge: string }).challenge, code } // the contract's answer
    },
    connectionId: async () => (await bystander.connect()).id ?? '',
    topic,
    target,
    demoEmail: demo.email,
    async tokenFromBefore(audience) {
      await db.query('UPDATE users SET disabled_at = NULL WHERE id = $1', [all.disabled.id])
      const token = await all.disabled.token(audience)
      await close()
      return token
    },
  }
}

/** What stands in the matrix: done, or refused with this code; `tells nothing`: done, and nothing was said to an outsider. */
export type Outcome = 'done' | 'tells nothing' | ErrorCode

export { setPermissions }
