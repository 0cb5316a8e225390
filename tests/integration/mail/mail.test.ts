import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, expect, test } from 'vitest'
import { MailServer } from '../../support/mail/MailServer'
import { newAdmin } from '../../support/servers/permissions'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let smtp: MailServer

beforeAll(async () => {
  smtp = await MailServer.start()
  servers = await startServers({ mail: { smtpUrl: smtp.url, from: 'Tandem <tandem@example.com>' } })
})

const next = 'nine purple herons'
const forgot = (email: string) => http(servers.webUrl, 'POST', '/api/auth/forgot', { email })
const reset = (token: string, password = next) => http(servers.webUrl, 'POST', '/api/auth/reset', { token, password })
const login = (email: string, password: string) => http(servers.webUrl, 'POST', '/api/auth/login', { email, password })
const tokenIn = (text: string | undefined) => /\/reset#token=([\w-]+)$/m.exec(text ?? '')?.[1] ?? ''
const refusal = (path: string) => ({ status: 400, body: { error: { code: 'BAD_REQUEST', issues: [{ path }] } } })
/** No mail waits, or is being sent. */
const allSent = () =>
  waitFor(async () => {
    const { rows } = await servers.db.query(`SELECT FROM graphile_worker.jobs WHERE task_identifier = 'mail'`)
    return rows.length === 0
  })

test('whoever forgot their password chooses another by a mailed link: once, and everybody else is signed out', async () => {
  const user = await servers.user('Zoe')
  const socket = await user.connect()

  expect(await forgot(user.email.toUpperCase())).toMatchObject({ status: 204 })
  const [mail] = await smtp.waitForMails(user.email)
  expect(mail).toMatchObject({
    subject: 'Choose another password',
    from: { name: 'Tandem', address: 'tandem@example.com' },
    to: [{ address: user.email }],
  })
  expect(mail?.html).toContain('Hello Zoe')
  const token = tokenIn(mail?.text)
  // The database has its hash alone.
  const { rows } = await servers.db.query(
    `SELECT id FROM sign_in_steps WHERE kind = 'password-reset' AND user_id = $1`,
    [user.id],
  )
  expect(rows).toHaveLength(1)
  expect(rows[0].id).not.toBe(token)

  // A bad password does not use the link up.
  expect(await reset(token, 'password1')).toMatchObject(refusal('password'))
  expect(await reset(token)).toMatchObject({ status: 204 })

  await waitFor(() => socket.disconnected, { timeoutMs: 5_000 })
  expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
  expect((await login(user.email, user.password)).status).toBe(401)
  expect((await login(user.email, next)).status).toBe(200)
  expect(await reset(token, 'eight purple herons')).toMatchObject(refusal('token'))
  const [, told] = await smtp.waitForMails(user.email, 2)
  expect(told?.subject).toBe('Your password was changed')
  const { rows: audited } = await servers.db.query(
    `SELECT actor FROM audit_log WHERE action = 'password.reset' AND target = $1`,
    [user.id],
  )
  expect(audited).toEqual([{ actor: 'nobody' }])
})

test('a second factor is asked for as before', async () => {
  const user = await servers.user()
  const { body } = await user.http('POST', '/api/auth/totp', { password: user.password })
  const secret = Secret.fromBase32((body as { secret: string }).secret) // the contract's answer
  await user.http('POST', '/api/auth/totp/confirm', { code: new TOTP({ secret }).generate() })
  await forgot(user.email)
  const [mail] = await smtp.waitForMails(user.email)

  await reset(tokenIn(mail?.text))

  expect((await login(user.email, next)).body).toMatchObject({ secondFactor: true })
})

test('a newer link takes the place of an older one, and none works after half an hour', async () => {
  const user = await servers.user()
  await forgot(user.email)
  const [first] = await smtp.waitForMails(user.email)
  await forgot(user.email)
  const [, second] = await smtp.waitForMails(user.email, 2)

  expect(await reset(tokenIn(first?.text))).toMatchObject(refusal('token'))
  const { rows } = await servers.db.query<{ minutes: number }>(
    `SELECT extract(epoch FROM expires_at - now()) / 60 AS minutes FROM sign_in_steps WHERE user_id = $1`,
    [user.id],
  )
  expect(Number(rows[0]?.minutes)).toBeGreaterThan(29)
  expect(Number(rows[0]?.minutes)).toBeLessThanOrEqual(30)
  await servers.db.query('UPDATE sign_in_steps SET expires_at = now() WHERE user_id = $1', [user.id])
  expect(await reset(tokenIn(second?.text))).toMatchObject(refusal('token'))
  expect((await login(user.email, user.password)).status).toBe(200)
})

test('a mail that is sent again, since nobody could note that it went, is the same; its link is good once', async () => {
  const user = await servers.user()
  // The server takes the mail, and the answer is lost.
  smtp.tears = (recipient) => recipient === user.email
  await forgot(user.email)
  const [lost] = await smtp.waitForTorn(user.email)
  smtp.tears = () => false
  const [mail] = await smtp.waitForMails(user.email)

  expect(mail?.messageId).toBe(lost?.messageId)
  const token = tokenIn(mail?.text)
  expect(tokenIn(lost?.text)).toBe(token)
  expect(await reset(token)).toMatchObject({ status: 204 })
  // Should it be sent once more now, that makes no link good again.
  const { rows } = await servers.db.query(`SELECT kind FROM sign_in_steps WHERE user_id = $1`, [user.id])
  expect(rows).toEqual([{ kind: 'password-reset-used' }])
})

test('an older mail that is tried again leaves a newer link as it is; a link ends half an hour after it was asked for', async () => {
  const user = await servers.user()
  smtp.refuses = (recipient) => (recipient === user.email ? 451 : undefined)
  await forgot(user.email)
  const older = await waitFor(async () => {
    const { rows } = await servers.db.query<{ id: string }>(
      `SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'mail' AND attempts > 0 AND locked_at IS NULL`,
    )
    return rows[0]
  })
  const later = (id: string, runAt: string) =>
    servers.db.query(`SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], run_at => ${runAt})`, [id])
  const expiry = async () => {
    const { rows } = await servers.db.query<{ id: string; expires_at: Date }>(
      'SELECT id, expires_at FROM sign_in_steps WHERE user_id = $1',
      [user.id],
    )
    return rows
  }
  const [first] = await expiry()
  await later(older.id, `now() + interval '1 hour'`)
  smtp.refuses = () => undefined
  await forgot(user.email)
  const [newer] = await smtp.waitForMails(user.email)
  const [step, ...others] = await expiry()
  expect(others).toEqual([])
  expect(step?.id).not.toBe(first?.id)

  await later(older.id, 'now()')
  await allSent()
  expect(await expiry()).toEqual([step])
  expect(smtp.to(user.email)).toHaveLength(1)
  expect(await reset(tokenIn(newer?.text))).toMatchObject({ status: 204 })
})

test('an address that nobody has, and a disabled account, get the same answer and no mail', async () => {
  const user = await servers.user()
  const disabled = await servers.user()
  await servers.db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.id])
  const unknown = `${randomUUID()}@example.com`

  const answers = []
  for (const email of [unknown, disabled.email, user.email]) {
    const { status, body, headers } = await forgot(email)
    answers.push({ status, body, names: [...headers.keys()].filter((name) => name !== 'date').sort() })
  }

  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  await smtp.waitForMails(user.email)
  await allSent()
  expect(smtp.to(unknown)).toEqual([])
  expect(smtp.to(disabled.email)).toEqual([])
})

test('whoever may invite is offered it for an address that nobody has; it is mailed, and the link shown as before', async () => {
  const admin = await newAdmin(servers, 'Ada')
  // Another provider may say anything of somebody's name.
  await servers.db.query('UPDATE users SET name = $1 WHERE id = $2', ['Ada\r\nBcc: all@example.com', admin.id])
  const email = `${randomUUID()}@example.com`

  const search = (user: TestUser, query = email) => user.http('GET', `/api/users?query=${encodeURIComponent(query)}`)
  expect((await search(await servers.user())).body).toEqual({ users: [] })
  expect((await search(admin)).body).toEqual({ users: [], invites: true })
  expect((await search(admin, admin.email)).body).toEqual({ users: [] })

  const { status, body } = await admin.http('POST', '/api/admin/invites', { email })

  expect(status).toBe(201)
  expect(body).toMatchObject({ mailed: true })
  const { url } = body as { url: string } // the contract's answer
  const [mail] = await smtp.waitForMails(email)
  expect(mail?.text).toContain(url)
  expect(mail?.subject).toBe('Ada Bcc: all@example.com invites you to Tandem')
  expect(mail?.recipients).toEqual([email])
})

test('where anybody may register, a mailed invite proves an address, and one that is not good keeps nobody out', async () => {
  const admin = await newAdmin(servers, 'Ada')
  const invite = async (body: object) => {
    const answer = await admin.http('POST', '/api/admin/invites', body)
    const { url } = answer.body as { url: string } // the contract's answer
    return new URL(url).searchParams.get('invite') ?? ''
  }
  const [mailed, other, handed, stranger] = Array.from({ length: 4 }, () => `${randomUUID()}@example.com`)
  const register = async (email: string | undefined, secret: string) => {
    const account = { email, password: 'six purple herons', name: 'Zoe', invite: secret }
    expect((await http(servers.webUrl, 'POST', '/api/auth/register', account)).status).toBe(201)
  }
  const forMailed = await invite({ email: mailed })
  await register(other, forMailed)
  await register(mailed, forMailed)
  await register(handed, await invite({}))
  await register(stranger, 'made up')

  const { rows } = await servers.db.query(
    'SELECT email FROM users WHERE email = ANY ($1) AND email_proved_at IS NOT NULL',
    [[mailed, other, handed, stranger]],
  )
  expect(rows).toEqual([{ email: mailed }])
  const { rows: spent } = await servers.db.query(
    'SELECT u.email FROM invites i JOIN users u ON u.id = i.used_by WHERE u.email = ANY ($1) ORDER BY i.created_at',
    [[mailed, other, handed, stranger]],
  )
  expect(spent).toEqual([{ email: mailed }, { email: handed }])
})

test('while the mail server is away a mail waits, and arrives once; one that is refused for good is given up', async () => {
  const [late, unwanted] = [await servers.user('Late'), await servers.user('Unwanted')]
  await smtp.close()
  await forgot(late.email)
  const failedOnce = () =>
    servers.db
      .query<{ last_error: string }>(
        `SELECT last_error FROM graphile_worker.jobs WHERE task_identifier = 'mail' AND attempts > 0`,
      )
      .then(({ rows }) => rows[0]?.last_error ?? '')
  await waitFor(async () => (await failedOnce()) !== '')
  expect(await failedOnce()).not.toContain('@')
  await smtp.open()

  await smtp.waitForMails(late.email)
  smtp.refuses = (recipient) => (recipient === unwanted.email ? 550 : undefined)
  const attempts = smtp.attempts
  await forgot(unwanted.email)

  await waitFor(() => smtp.attempts > attempts)
  await allSent()
  expect(smtp.attempts).toBe(attempts + 1)
  expect(smtp.to(late.email)).toHaveLength(1)
  expect(smtp.to(unwanted.email)).toEqual([])
})

test('a mail that cannot be opened, as one of a newer key, is not taken for sent', async () => {
  const sealed = JSON.stringify({ id: randomUUID(), sealed: 'newer:AAAA:AAAA' })
  await servers.db.query(`SELECT graphile_worker.add_job('mail', $1::json, job_key => 'sealed')`, [sealed])
  const job = async () => {
    const { rows } = await servers.db.query<{ attempts: number; last_error: string | null }>(
      `SELECT attempts, last_error FROM graphile_worker.jobs WHERE key = 'sealed'`,
    )
    return rows[0]
  }
  await waitFor(async () => (await job())?.last_error !== null)
  expect(await job()).toMatchObject({ attempts: 1, last_error: expect.stringContaining('key that is not here') })
  await servers.db.query(`SELECT graphile_worker.remove_job('sealed')`)
})
