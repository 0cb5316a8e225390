import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { MailServer } from '../../support/mail/MailServer'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let smtp: MailServer

beforeAll(async () => {
  smtp = await MailServer.start()
  servers = await startServers({ mail: { smtpUrl: smtp.url, from: 'Tandem <tandem@example.com>' } })
})

const preferences = '/api/notifications/preferences'

/** Somebody whose address is proved, who was not seen for an hour and is mailed what they have not read for as long. */
async function absent(name: string): Promise<TestUser> {
  const user = await servers.user(name)
  expect((await user.http('PATCH', preferences, { digest: 'hour' })).body).toMatchObject({ digest: 'hour' })
  await servers.db.query(
    `UPDATE users SET last_seen = now() - interval '1 hour', email_proved_at = now() WHERE id = $1`,
    [user.id],
  )
  return user
}

async function send(from: TestUser, roomId: string, message: string, more = {}): Promise<string> {
  const { body } = await from.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID(), ...more })
  return (body as { id: string }).id // the contract's answer
}

const notify = (user: TestUser, title: string) =>
  http(
    servers.webUrl,
    'POST',
    '/api/notifications',
    { userId: user.id, title, message: 'A text', type: 'info' },
    {
      authorization: `Bearer ${servers.serviceKey}`,
    },
  )

/** In a queue of its own it runs beside the others, as happens where one is taken for dead. */
const look = (queue = 'digests') =>
  servers.db.query(`SELECT graphile_worker.add_job('digests', queue_name => $1, max_attempts => 1)`, [queue])

/** No such job waits, or is under way. */
const looked = (queue = 'digests') =>
  waitFor(
    async () => {
      const { rows } = await servers.db.query(
        `SELECT FROM graphile_worker.jobs
         WHERE task_identifier = 'digests' AND queue_name = $1 AND (locked_at IS NOT NULL OR attempts < max_attempts)`,
        [queue],
      )
      return rows.length === 0
    },
    { timeoutMs: 20_000 },
  )

/** An hour and a minute go by, for everybody, and the job of that minute looks at these people. */
async function later(...people: TestUser[]): Promise<void> {
  const hour = `interval '61 minutes'`
  await servers.db.query(`UPDATE messages SET created_at = created_at - ${hour}`)
  await servers.db.query(`UPDATE notifications SET created_at = created_at - ${hour}`)
  await servers.db.query(`UPDATE digests SET sent_at = sent_at - ${hour}, told_at = told_at - ${hour}`)
  const ids = people.map(({ id }) => id)
  await servers.db.query(`UPDATE digests SET look_at = now() WHERE user_id = ANY ($1)`, [ids])
  await look()
  await waitFor(async () => {
    const { rows } = await servers.db.query('SELECT FROM digests WHERE user_id = ANY ($1) AND look_at <= now()', [ids])
    return rows.length === 0
  })
  await looked()
}

test('what stays unread is mailed once, with the way to it; one click in the mail ends that', async () => {
  const [ada, grace] = [await servers.user('Ada <b>'), await absent('Grace')]
  const room = await directRoom(ada, grace)
  const group = await groupOf(ada, [grace], 'Team')
  await send(ada, room.id, 'read in time')
  await grace.http('PATCH', '/api/chat/messages/read', { roomId: room.id })
  await send(ada, room.id, 'first')
  const regretted = await send(ada, room.id, 'regretted')
  await ada.http('DELETE', `/api/chat/messages/${regretted}`)
  await send(ada, group.id, 'for all of you', { mentions: [grace.id] })
  await notify(grace, 'Backup done')

  await later(grace)

  const [mail] = await smtp.waitForMails(grace.email)
  expect(mail?.subject).toBe('2 unread messages and 1 notification')
  for (const part of ['first', 'for all of you', 'Backup done', `/chat/${room.id}`, `/chat/${group.id}`]) {
    expect(mail?.text).toContain(part)
  }
  for (const part of ['read in time', 'regretted', 'mentioned you']) expect(mail?.text).not.toContain(part)
  expect(mail?.html).toContain('Ada &lt;b&gt;')
  expect(mail?.html).not.toContain('Ada <b>')

  // An hour later it is still unread, and was told; of what came since only that is.
  await later(grace)
  await send(ada, room.id, 'second')
  await later(grace)
  const [, next] = await smtp.waitForMails(grace.email, 2)
  expect(next?.subject).toBe('1 unread message from Ada <b>')
  expect(next?.text).not.toContain('first')
  expect(next?.messageId).not.toBe(mail?.messageId)

  const header = (name: string) => next?.headers.find(({ key }) => key === name)?.value
  expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  const address = /^<http:\/\/localhost:3000(\/api\/mail\/unsubscribe\?token=[\w-]+)>$/.exec(
    header('list-unsubscribe') ?? '',
  )
  const url = `${servers.webUrl}${address?.[1]}`
  const digest = async () => (await grace.http('GET', preferences)).body
  const seen = await fetch(url, { redirect: 'manual' })
  expect(seen.status).toBe(302)
  expect(seen.headers.get('location')).toMatch(/^\/unsubscribe#token=[\w-]+$/)
  expect(await digest()).toMatchObject({ digest: 'hour' })
  const click = (to: string) =>
    fetch(to, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), redirect: 'manual' })
  expect((await click(`${url.slice(0, -4)}AAAA`)).status).toBe(400)
  expect(await digest()).toMatchObject({ digest: 'hour' })
  expect((await click(url)).status).toBe(204)
  expect((await click(url)).status).toBe(204)
  expect(await digest()).toMatchObject({ digest: 'off' })
  await send(ada, room.id, 'third')
  await later(grace)
  expect(smtp.to(grace.email)).toHaveLength(2)
})

test('nothing is mailed of what was read, is muted or switched off, is of somebody blocked, or while somebody is here', async () => {
  const ada = await servers.user('Ada')
  const [reader, muter, chooser, blocker, here, sleeper, closed, control] = await Promise.all(
    ['Reader', 'Muter', 'Chooser', 'Blocker', 'Here', 'Sleeper', 'Closed', 'Control'].map(absent),
  )
  const people = [reader, muter, chooser, blocker, here, sleeper, closed, control].filter((user) => user !== undefined)
  const rooms = new Map<TestUser | undefined, string>()
  for (const user of people) {
    const { id } = await directRoom(ada, user)
    rooms.set(user, id)
    await send(ada, id, `for ${user.name}`)
  }
  await reader?.http('PATCH', '/api/chat/messages/read', { roomId: rooms.get(reader) })
  await muter?.http('PATCH', `/api/chat/rooms/${rooms.get(muter)}/preferences`, {
    mutedUntil: '9999-01-01T00:00:00.000Z',
  })
  await chooser?.http('PATCH', preferences, { kinds: { direct: { email: false } } })
  await blocker?.http('PUT', `/api/users/${ada.id}/block`)
  await here?.connect()
  await sleeper?.http('PATCH', preferences, {
    quietHours: { enabled: true, from: '00:00', to: '00:00', timeZone: 'UTC' },
  })
  await servers.db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [closed?.id])

  await later(...people)

  await smtp.waitForMails(control?.email ?? '')
  expect(people.filter(({ email }) => smtp.to(email).length > 0).map(({ name }) => name)).toEqual(['Control'])
  // Who wanted quiet, or was here, is mailed afterwards.
  await sleeper?.http('PATCH', preferences, { quietHours: { enabled: false } })
  await later(...people)
  expect(people.filter(({ email }) => smtp.to(email).length > 0).map(({ name }) => name)).toEqual([
    'Sleeper',
    'Control',
  ])
})

test('while the mail server is away digests wait, and are mailed once', async () => {
  const [ada, grace] = [await servers.user('Ada'), await absent('Grace')]
  await send(ada, (await directRoom(ada, grace)).id, 'hello')
  await smtp.close()
  await later(grace)
  const { rows } = await servers.db.query(
    `SELECT extract(epoch FROM look_at - now()) / 60 AS minutes FROM digests WHERE user_id = $1`,
    [grace.id],
  )
  expect(Number(rows[0].minutes)).toBeGreaterThan(10)
  expect(Number(rows[0].minutes)).toBeLessThanOrEqual(15)
  await smtp.open()
  await later(grace)
  await later(grace)
  expect(smtp.to(grace.email)).toHaveLength(1)
})

test('whose mail breaks the connection keeps nobody else waiting', async () => {
  const ada = await servers.user('Ada')
  const torn = await Promise.all(['One', 'Two', 'Three', 'Four'].map(absent))
  const grace = await absent('Grace')
  for (const user of [...torn, grace]) await send(ada, (await directRoom(ada, user)).id, 'hello')
  smtp.tears = (recipient) => torn.some(({ email }) => email === recipient)

  await later(...torn, grace)

  expect(smtp.to(grace.email)).toHaveLength(1)
  smtp.tears = () => false
})

test('two jobs at once mail nobody twice, and what somebody chooses meanwhile stays', async () => {
  const [ada, grace] = [await servers.user('Ada'), await absent('Grace')]
  await send(ada, (await directRoom(ada, grace)).id, 'hello')
  const { attempts } = smtp
  const goOn = smtp.hold()
  const first = later(grace)
  await waitFor(() => smtp.attempts > attempts)

  await look('beside')
  await looked('beside')
  await grace.http('PATCH', preferences, { digest: 'day' })
  goOn()
  await first

  expect(smtp.attempts).toBe(attempts + 1)
  expect(smtp.to(grace.email)).toHaveLength(1)
  // Not in the hour that counted when it was sent.
  const { rows } = await servers.db.query(
    `SELECT FROM digests WHERE user_id = $1 AND look_at BETWEEN now() + interval '30 minutes' AND now() + interval '2 hours'`,
    [grace.id],
  )
  expect(rows).toEqual([])
})

test('nothing is mailed to an address that nobody proved; a link that was read there proves it', async () => {
  const [ada, grace] = [await servers.user('Ada'), await absent('Grace')]
  await servers.db.query('UPDATE users SET email_proved_at = NULL WHERE id = $1', [grace.id])
  await send(ada, (await directRoom(ada, grace)).id, 'hello')
  expect((await grace.http('GET', preferences)).body).toMatchObject({ emailProved: false })
  await later(grace)
  expect(smtp.to(grace.email)).toEqual([])

  await http(servers.webUrl, 'POST', '/api/auth/forgot', { email: grace.email })
  const [mail] = await smtp.waitForMails(grace.email)
  const token = /#token=([\w-]+)$/m.exec(mail?.text ?? '')?.[1]
  await http(servers.webUrl, 'POST', '/api/auth/reset', { token, password: 'nine purple herons' })
  await later(grace)
  expect((await smtp.waitForMails(grace.email, 3)).map(({ subject }) => subject)).toContain('1 unread message from Ada')
})
