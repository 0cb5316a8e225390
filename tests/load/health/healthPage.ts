/**
 * `pnpm bench:health`: what the health page costs while many people are connected. The whole app as `pnpm start` runs it
 * (embedded PostgreSQL, one socket process), CONNECTIONS (5,000) clients on /chat that ping as pages do, and one admin who
 * looks. Times of the server are those of whoever asks, transfer included; of the page, what Chromium's main thread did.
 * Ends with 1 when a median is over its limit.
 */
import pg from 'pg'
import { io, type Socket } from 'socket.io-client'
import { databaseUrlOf, readDatabaseRecord } from '@/lib/env/databaseRecord'
import { loadSecret } from '@/lib/env/secrets'
import { demoAccounts } from '../../../prisma/demoAccounts'
import type { RunningApp } from '../../e2e/support/runningApp'
import { type GuardedProcess, startGuarded } from '../../support/guardedProcess'
import { insertDirectRoom, insertPeople } from '../../support/workload/people'
import { median } from '../statistics'
import type { CrowdOptions } from './connectCrowd'
import { DashboardPage } from './DashboardPage'

const CONNECTIONS = Number(process.env.CONNECTIONS ?? 5_000)
const CROWDS = 2
const ASKED = 20
const UPDATES = 12
const METRICS_LIMIT_MS = 100
const UPDATE_LIMIT_MS = 50

interface Row {
  what: string
  millis: readonly number[]
  limitMs?: number
}

async function repeated(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const millis: number[] = []
  for (let i = 0; i < times; i++) {
    const begun = performance.now()
    await work()
    millis.push(performance.now() - begun)
  }
  return millis
}

/** Everybody is in a room of two. */
async function insertCrowd(databaseUrl: string): Promise<void> {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 8 })
  try {
    const people = await insertPeople(
      db,
      Array.from({ length: CONNECTIONS }, (_, i) => `Person ${i}`),
    )
    const half = people.length >> 1
    await Promise.all(people.slice(0, half).map((one, i) => insertDirectRoom(db, one, people[half + i] ?? one)))
  } finally {
    await db.end()
  }
}

async function adminSocket(baseUrl: string, admin: { email: string; password: string }): Promise<Socket> {
  const json = { 'Content-Type': 'application/json' }
  const login = await fetch(`${baseUrl}/api/auth/login`, { method: 'POST', headers: json, body: JSON.stringify(admin) })
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const answer = await fetch(`${baseUrl}/api/auth/session-token?namespace=/admin`, { headers: { cookie } })
  const { token, url } = (await answer.json()) as { token: string; url: string } // CONTRACT, Signing in
  const socket = io(`${url}/admin`, { auth: { token }, transports: ['websocket'], forceNew: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

/** What a scraper, a service and an admin's page wait for. */
async function measureServer(socketUrl: string, serviceKey: string, admin: Socket): Promise<Row[]> {
  const get = (path: string, accept: string) => async () => {
    const answer = await fetch(socketUrl + path, { headers: { accept, authorization: `Bearer ${serviceKey}` } })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}.`)
    await answer.text()
  }
  const measured = async (what: string, work: () => Promise<unknown>, limitMs?: number): Promise<Row> => {
    await work()
    return { what, millis: await repeated(ASKED, work), ...(limitMs === undefined ? {} : { limitMs }) }
  }
  const request = async () => {
    const reply = await admin.timeout(10_000).emitWithAck('metrics:request')
    if (!reply.ok) throw new Error(`metrics:request: ${reply.error.code}`)
  }
  return [
    await measured('GET /metrics, JSON', get('/metrics', 'application/json'), METRICS_LIMIT_MS),
    await measured('GET /metrics, Prometheus text', get('/metrics', 'text/plain'), METRICS_LIMIT_MS),
    await measured('GET /metrics, OpenMetrics', get('/metrics', 'application/openmetrics-text'), METRICS_LIMIT_MS),
    await measured('metrics:request with metrics:snapshot', request),
    await measured('GET /admin/connections?limit=100', get('/admin/connections?limit=100', 'application/json')),
    await measured('GET /admin/rooms?limit=100', get('/admin/rooms?limit=100', 'application/json')),
  ]
}

async function measurePage(page: DashboardPage): Promise<Row[]> {
  const updates: number[] = []
  const withTables: number[] = []
  while (updates.length < UPDATES) {
    const { millis, hasTable } = await page.update()
    const kind = hasTable ? withTables : updates
    kind.push(millis)
  }
  console.log(`The charts have ${await page.chartPoints()} points; the table has: ${await page.showMostRows()}`)
  const turns = []
  for (let i = 0; i < UPDATES; i++) turns.push(await page.nextRows())
  return [
    { what: 'page, main thread: metrics:update', millis: updates, limitMs: UPDATE_LIMIT_MS },
    { what: 'the same with a table that asked anew', millis: withTables },
    { what: 'page, main thread: next 100 rows of the table', millis: turns },
  ]
}

function print(rows: readonly Row[]): boolean {
  const missed = rows.filter(({ millis, limitMs }) => limitMs !== undefined && !(median(millis) <= limitMs))
  const line = (...[what = '', ...rest]: string[]) =>
    console.log(what.padEnd(50) + rest.map((text) => text.padStart(10)).join(''))
  line('milliseconds', 'median', 'max', 'limit', '')
  for (const row of rows) {
    if (row.millis.length === 0) continue
    const { what, millis, limitMs } = row
    const verdict = limitMs === undefined ? '' : missed.includes(row) ? 'NOT MET' : 'met'
    line(
      what,
      median(millis).toFixed(1),
      Math.max(...millis).toFixed(1),
      limitMs === undefined ? '' : `${limitMs}`,
      verdict,
    )
  }
  return missed.length === 0
}

const account = demoAccounts.find(({ role }) => role === 'admin')
if (!account) throw new Error('No demo account is an admin.')
const ends: (() => unknown)[] = []
try {
  console.log('Starting the app (the first time includes a build; its output is in reports/e2e-app.log).')
  const app = await startGuarded<RunningApp>(new URL('../../e2e/support/runningApp.ts', import.meta.url), {
    BENCH: '1',
  })
  ends.unshift(() => app.stop())
  const { port, socketPort, dataDir } = app.ready
  const admin = { email: account.email, password: await loadSecret(dataDir, 'demo-password', 'DATA_DIR') }
  const record = await readDatabaseRecord(dataDir)
  if (!record) throw new Error('The app has no database.')
  const databaseUrl = databaseUrlOf(record)
  const sessionTokenSecret = await loadSecret(dataDir, 'session-token-secret', 'SESSION_TOKEN_SECRET')
  const [baseUrl, socketUrl] = [`http://localhost:${port}`, `http://127.0.0.1:${socketPort}`]
  await insertCrowd(databaseUrl)

  const begun = performance.now()
  const crowds: GuardedProcess<{ connected: number }>[] = []
  for (let i = 0; i < CROWDS; i++) {
    const [first, last] = [i, i + 1].map((share) => Math.round((CONNECTIONS * share) / CROWDS)) as [number, number] // of two
    const options: CrowdOptions = { url: socketUrl, databaseUrl, sessionTokenSecret, first, count: last - first }
    const crowd = await startGuarded<{ connected: number }>(new URL('./connectCrowd.ts', import.meta.url), {
      CROWD_OPTIONS: JSON.stringify(options),
    })
    crowds.push(crowd)
    ends.unshift(() => crowd.stop())
  }
  const connected = crowds.reduce((sum, { ready }) => sum + ready.connected, 0)
  console.log(`${connected} connected in ${((performance.now() - begun) / 1_000).toFixed(1)} s`)

  const socket = await adminSocket(baseUrl, admin)
  ends.unshift(() => socket.disconnect())
  const server = await measureServer(socketUrl, await loadSecret(dataDir, 'service-key', 'SERVICE_KEY'), socket)
  const page = await DashboardPage.open({ baseUrl, socketUrl, admin })
  ends.unshift(() => page.close())
  process.exitCode = print([...server, ...(await measurePage(page))]) ? 0 : 1
} finally {
  for (const end of ends) await end()
}
