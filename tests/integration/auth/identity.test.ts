import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { SessionTokenData, UserData } from '@/contracts/auth'
import type { Identity, IdentityPerson, IdentityVisitor } from '@/lib/auth/identity'
import { webApp } from '@/server/web/app'
import { openSocket } from '../../support/servers/openSocket'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type ChatClient, heard, http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

/** The app's own sign-in: whoever's cookie is on this list. */
const signIns = new Map<string, unknown>()
/** How often it was asked. */
let asks = 0
/** All people of the app. */
const people = new Map<string, IdentityPerson>()

const identity: Identity = {
  async personOf({ headers }) {
    asks += 1
    const token = /(?:^|; )app=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]
    // Whatever a careless app may say.
    return (signIns.get(token ?? '') ?? null) as IdentityVisitor | null
  },
  people: async (ids) => [...people.values()].filter(({ id }) => ids.includes(id)),
  search: async (query) => [...people.values()].filter(({ name }) => !name || name.includes(query)),
}

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({
    identity,
    webEnv: { GOOGLE_CLIENT_ID: 'tandem', GOOGLE_CLIENT_SECRET: 'a secret of a test' },
    limits: { search: { points: 5, seconds: 60 }, auth: { points: 10, seconds: 60 } },
  })
})

beforeEach(() => {
  signIns.clear()
  people.clear()
})

/** A browser: keeps the cookies that it is given. */
function browser(app?: string) {
  const jar = new Map(app ? [['app', app]] : [])
  return {
    jar,
    async get(path: string, method = 'GET', body?: unknown) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await http(servers.webUrl, method, path, body, { cookie })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return answer
    },
    async connect(): Promise<ChatClient> {
      const { body } = await this.get('/api/auth/session-token?namespace=/chat')
      return openSocket((body as SessionTokenData).url, '/chat', (body as SessionTokenData).token) // as the contract has it
    },
  }
}

const signIn = (person: Partial<IdentityVisitor> & { id: string }, token = person.id) => {
  signIns.set(token, { name: person.id, sessionId: token, ...person })
  return browser(token)
}
const userOf = ({ body }: { body: unknown }) => (body as UserData).user // as the contract has it
const sessionsOf = async (id: string) =>
  (await servers.db.query('SELECT public_id, expires_at FROM sessions WHERE user_id = $1', [id])).rows
const ended = (client: ChatClient) => waitFor(() => !client.connected, { timeoutMs: 8_000 })

test('whoever the app takes a request for is that person here, with a name that follows', async () => {
  const ada = signIn({ id: 'app|1', name: 'Ada', image: '/ada.png' })
  expect(userOf(await ada.get('/api/auth/session'))).toMatchObject({
    ...{ id: 'app|1', name: 'Ada', role: 'user', avatarImage: 'http://localhost:3000/ada.png' },
  })
  signIns.set('app|1', { id: 'app|1', name: 'Ada Lovelace', sessionId: 'app|1' })
  expect(userOf(await ada.get('/api/auth/session'))).toEqual(
    expect.objectContaining({ name: 'Ada Lovelace', id: 'app|1' }),
  )
  expect(await sessionsOf('app|1')).toHaveLength(1)
  asks = 0
  await ada.get('/api/auth/session')
  expect(asks).toBe(1)
})

test('two of them talk, and a notification reaches one whom nobody has seen here yet', async () => {
  const ada = signIn({ id: 'ada' })
  const grace = signIn({ id: 'grace' })
  await grace.get('/api/auth/session')
  const [one, other] = [await ada.connect(), await grace.connect()]
  const received = heard(other, 'receiveMessage')
  const { room } = await asked(one, 'getOrCreateRoom', { participantId: 'grace' })
  await asked(one, 'sendMessage', { roomId: room.id, message: 'Hello', clientId: 'c-1' })
  await waitFor(() => received.length > 0)
  expect(received[0]).toMatchObject({ message: 'Hello', senderId: 'ada' })

  people.set('new', { id: 'new', name: 'New Person' })
  const notify = (userId: string) =>
    http(
      servers.webUrl,
      'POST',
      '/api/notifications',
      { userId, title: 'Welcome', message: 'Good to see you.', type: 'info' },
      { authorization: `Bearer ${servers.serviceKey}` },
    )
  expect((await notify('new')).status).toBe(201)
  expect((await notify('nobody')).status).toBe(404)
  const fresh = signIn({ id: 'new' })
  expect((await fresh.get('/api/notifications')).body).toMatchObject({ notifications: [{ title: 'Welcome' }] })
})

test('the app’s search finds, and nothing else: also who was never here, and without one whom it cannot be', async () => {
  await signIn({ id: 'hidden', name: 'Hidden Johnson' }).get('/api/auth/session')
  const ada = signIn({ id: 'ada', name: 'Ada Johnson' })
  people.set('z', { id: 'z', name: 'Zoe Johnson' })
  people.set('ada', { id: 'ada', name: 'Ada Johnson' })
  people.set('a b', { id: 'a b', name: 'Bad Johnson' })
  people.set('katherine', { id: 'katherine', name: 'Katherine Johnson' })
  people.set('nameless', { id: 'nameless', name: null })
  await servers.db.query(`INSERT INTO users (id, email, name) VALUES ('own', 'own@example.com', 'Own Johnson')`)
  people.set('own', { id: 'own', name: 'Own Johnson' })
  expect((await ada.get('/api/users?query=Johnson')).body).toEqual({
    users: [
      { id: 'z', name: 'Zoe Johnson' },
      { id: 'katherine', name: 'Katherine Johnson' },
      { id: 'nameless', name: 'nameless' },
    ],
  })
  await servers.db.query(`UPDATE users SET disabled_at = now() WHERE id IN ('z', 'nameless')`)
  expect((await ada.get('/api/users?query=Johnson')).body).toEqual({
    users: [{ id: 'katherine', name: 'Katherine Johnson' }],
  })
})

test('when the app says no, the session ends with the next request and its socket at once; other browsers stay', async () => {
  const [laptop, phone] = [signIn({ id: 'lin' }, 'laptop'), signIn({ id: 'lin' }, 'phone')]
  const [there, here] = [await laptop.connect(), await phone.connect()]
  expect(await sessionsOf('lin')).toHaveLength(2)
  signIns.delete('laptop')
  expect((await laptop.get('/api/chat/rooms')).body).toMatchObject({ error: { code: 'SESSION_EXPIRED' } })
  await ended(there)
  expect(laptop.jar.has('tandem_session')).toBe(false)
  expect(here.connected).toBe(true)
  expect(await sessionsOf('lin')).toHaveLength(1)
})

test('a sign-out that tells Tandem ends the socket without another request', async () => {
  const mae = signIn({ id: 'mae' })
  const socket = await mae.connect()
  const { identity: sessions } = await webApp()
  const cookie = `tandem_session=${mae.jar.get('tandem_session')}`
  await sessions?.end({ headers: new Headers({ cookie }) })
  await ended(socket)
  expect(await sessionsOf('mae')).toEqual([])
})

test('whoever signed out stays out while the app’s own sign-in still says yes, and is let in by the next one', async () => {
  const tab = signIn({ id: 'ida' }, 'before')
  await tab.get('/api/auth/session')
  const { identity: sessions } = await webApp()
  await sessions?.end({ headers: new Headers({ cookie: `tandem_session=${tab.jar.get('tandem_session')}` }) })
  expect((await tab.get('/api/auth/session')).status).toBe(401)
  expect(await sessionsOf('ida')).toEqual([])
  expect((await signIn({ id: 'ida' }, 'after').get('/api/auth/session')).status).toBe(200)
})

test('the app’s code ends all sessions of a person at once', async () => {
  const dora = signIn({ id: 'dora' })
  const socket = await dora.connect()
  await (await webApp()).identity?.endAll('dora')
  await ended(socket)
  expect(await sessionsOf('dora')).toEqual([])
})

test('two sign-ins of one person in one browser write no more than a limit allows', async () => {
  const [one, other] = [signIn({ id: 'flip' }, 'flip-1'), signIn({ id: 'flip' }, 'flip-2')]
  let refused = 0
  for (let i = 0; i < 15; i += 1) {
    const [mine, theirs] = i % 2 ? [one, other] : [other, one]
    const cookie = theirs.jar.get('tandem_session')
    if (cookie) mine.jar.set('tandem_session', cookie)
    if ((await mine.get('/api/auth/session')).status === 429) refused += 1
  }
  expect(refused).toBeGreaterThan(0)
  const { rows } = await servers.db.query(`SELECT count(*)::int AS ends FROM audit_log WHERE actor_id = 'flip'`)
  expect(rows[0].ends).toBeGreaterThan(0)
  expect(rows[0].ends).toBeLessThanOrEqual(10)
})

test('a session lives a quarter of an hour, is prolonged in time, and never outlives the sign-in', async () => {
  const joan = signIn({ id: 'joan' })
  await joan.get('/api/auth/session')
  const minutesLeft = async () => ((await sessionsOf('joan'))[0].expires_at.getTime() - Date.now()) / 60_000
  expect(await minutesLeft()).toBeCloseTo(15, 0)
  await servers.db.query(`UPDATE sessions SET expires_at = now() + interval '4 minutes' WHERE user_id = 'joan'`)
  await joan.get('/api/auth/session')
  expect(await minutesLeft()).toBeCloseTo(15, 0)
  signIns.set('joan', { id: 'joan', name: 'Joan', sessionId: 'joan', expiresAt: new Date(Date.now() + 120_000) })
  await joan.get('/api/auth/session')
  expect(await minutesLeft()).toBeCloseTo(2, 0)
  signIns.set('joan', { id: 'joan', name: 'Joan', sessionId: 'joan', expiresAt: new Date(Date.now() - 1) })
  expect((await joan.get('/api/auth/session')).status).toBe(401)
})

test('the cookie alone signs nobody in; whoever is another person by now is that one', async () => {
  const ada = signIn({ id: 'ada' })
  await ada.get('/api/auth/session')
  const thief = browser()
  thief.jar.set('tandem_session', ada.jar.get('tandem_session') ?? '')
  expect((await thief.get('/api/auth/session')).status).toBe(401)

  const shared = signIn({ id: 'first' })
  const socket = await shared.connect()
  signIns.set('second', { id: 'second', name: 'Second', sessionId: 'second' })
  shared.jar.set('app', 'second')
  expect(userOf(await shared.get('/api/auth/session'))).toMatchObject({ id: 'second' })
  await ended(socket)
  expect(await sessionsOf('first')).toEqual([])
})

test.each([
  ['another app’s cookie of the name', 'tandem_session=whatever'],
  ['a forged one', `tandem_session=${'A'.repeat(43)}`],
  ['Tandem’s own cookie', 'auth_session=abc'],
])('%s is nobody', async (_, cookie) => {
  expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })).status).toBe(401)
})

test('a name is one line of 80 characters at most; without one a person is called by their id', async () => {
  const long = signIn({ id: 'long', name: `  Ann\n\u0000 ${'é😀'.repeat(5_000)}` })
  const { name } = userOf(await long.get('/api/auth/session'))
  expect([...name]).toHaveLength(80)
  expect(name.startsWith('Ann é😀é')).toBe(true)
  expect(userOf(await signIn({ id: 'blank', name: ' \t' }).get('/api/auth/session')).name).toBe('blank')
  const { avatarImage } = userOf(await signIn({ id: 'bad', image: 'javascript:alert(1)' }).get('/api/auth/session'))
  expect(avatarImage).toBeUndefined()
})

test.each([
  ['an id with a blank', { id: 'a b', name: 'A' }],
  ['an id of 65 characters', { id: 'x'.repeat(65), name: 'X' }],
  ['an id that is a number', { id: 7, name: 'Seven' }],
  ['a role that there is not', { id: 'root', name: 'Root', role: 'superuser' }],
])('with %s nobody is let in', async (_, person) => {
  signIns.set('odd', person)
  expect((await browser('odd').get('/api/auth/session')).body).toMatchObject({ error: { code: 'INTERNAL' } })
  expect((await servers.db.query(`SELECT 1 FROM users WHERE id IN ('root', 'a b', '7')`)).rowCount).toBe(0)
})

test('an id that an account of Tandem’s own sign-in has stays that account’s', async () => {
  await servers.db.query(`INSERT INTO users (id, email, name) VALUES ('taken', 'taken@example.com', 'Somebody else')`)
  expect((await signIn({ id: 'taken', name: 'Mallory' }).get('/api/auth/session')).body).toMatchObject({
    error: { code: 'INTERNAL' },
  })
  const { rows } = await servers.db.query(`SELECT name FROM users WHERE id = 'taken'`)
  expect(rows).toEqual([{ name: 'Somebody else' }])
  expect(await sessionsOf('taken')).toEqual([])
  // One of those whom the app finds: the others are found all the same.
  people.set('taken', { id: 'taken', name: 'Finn Mallory' })
  people.set('finn', { id: 'finn', name: 'Finn' })
  expect((await signIn({ id: 'ada' }).get('/api/users?query=Finn')).body).toEqual({
    users: [{ id: 'finn', name: 'Finn' }],
  })
})

test('a role is the app’s to give and to take', async () => {
  const boss = signIn({ id: 'boss', role: 'admin' })
  expect(userOf(await boss.get('/api/auth/session')).permissions).toContain('admin:view-health')
  signIns.set('boss', { id: 'boss', name: 'Boss', sessionId: 'boss', role: 'user' })
  expect(userOf(await boss.get('/api/auth/session')).permissions).not.toContain('admin:view-health')
  const { rows } = await servers.db.query(
    `SELECT actor, details FROM audit_log WHERE action = 'user.role' AND target = 'boss' ORDER BY id`,
  )
  expect(rows).toEqual([
    { actor: 'identity', details: { before: 'user', after: 'admin' } },
    { actor: 'identity', details: { before: 'admin', after: 'user' } },
  ])
})

test('somebody who was disabled here stays out, whatever the app says', async () => {
  const eve = signIn({ id: 'eve' })
  await eve.get('/api/auth/session')
  await servers.db.query(`UPDATE users SET disabled_at = now() WHERE id = 'eve'`)
  expect((await eve.get('/api/auth/session')).status).toBe(401)
})

test('ten first requests at once make one person and one session', async () => {
  const rush = signIn({ id: 'rush' })
  const answers = await Promise.all(Array.from({ length: 10 }, () => rush.get('/api/auth/session')))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(await sessionsOf('rush')).toHaveLength(1)
})

test('Tandem’s own ways in are not there', async () => {
  const account = { email: 'somebody@example.com', password: 'a long password', name: 'Somebody' }
  for (const [path, body] of [
    ['/api/auth/register', account],
    ['/api/auth/login', account],
    ['/api/auth/demo', { email: 'ada@demo.tandem' }],
  ] as const) {
    expect((await http(servers.webUrl, 'POST', path, body)).status).toBe(404)
  }
  expect((await signIn({ id: 'ada' }).get('/api/auth/account')).status).toBe(404)
  expect((await webApp()).google).toBeUndefined()
})

test('an address of which too many were turned away does not reach the app’s sign-in any more', async () => {
  const ada = signIn({ id: 'ada' })
  await ada.get('/api/auth/session')
  const stranger = browser('made-up')
  for (let i = 0; i < 5; i += 1) expect((await stranger.get('/api/users')).status).toBe(401)
  asks = 0
  expect((await stranger.get('/api/users')).status).toBe(429)
  expect(asks).toBe(0)
  expect((await ada.get('/api/users')).status).toBe(200)
})
