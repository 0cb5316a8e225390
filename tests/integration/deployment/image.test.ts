import { execFile, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { beforeAll, expect, inject, test } from 'vitest'
import { freeLocalPort } from '../../../scripts/support/ports'
import { composeService, interpolate } from '../../support/deployment/compose'
import { databaseUrl } from '../../support/postgres/databaseUrl'
import { type RunningTool, runTool } from '../../support/runTool'
import { directRoom } from '../../support/servers/rooms'
import { asked, heard, testUser } from '../../support/servers/testUser'
import { isRoot } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const exec = promisify(execFile)

/** Whom processes run as; somebody who owns nothing. */
const NOBODY = 65_534
/** The image's folder, where nothing else of this project can be reached. */
let app: string
let env: Record<string, string>
let webPort: number
let socketPort: number

beforeAll(async () => {
  await exec(process.execPath, ['--import', 'tsx', 'scripts/build-image.ts'], { maxBuffer: 64 * 1024 * 1024 })
  app = await mkdtemp('/tmp/tandem-image-')
  onTeardown(() => rm(app, { recursive: true, force: true }))
  await cp('dist/image', app, { recursive: true, verbatimSymlinks: true })
  await chmod(app, 0o755)
  await mkdir(join(app, 'logs'), { recursive: true })
  if (isRoot) await chown(join(app, 'logs'), NOBODY, NOBODY)

  const database = `image_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: inject('clusterUrl') })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  onTeardown(async () => {
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`)
    await admin.end()
  })
  webPort = await freeLocalPort(undefined)
  socketPort = await freeLocalPort(undefined)
  const operator = {
    PUBLIC_URL: 'https://chat.example.com',
    POSTGRES_PASSWORD: 'x',
    REDIS_PASSWORD: 'x',
    SERVICE_KEY: randomBytes(32).toString('hex'),
    METRICS_KEY: randomBytes(32).toString('hex'),
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
  }
  const settings = Object.entries(composeService('web').environment ?? {})
  env = {
    ...Object.fromEntries(settings.map(([name, value]) => [name, interpolate(value, operator)])),
    // What differs from the containers: addresses, and no Redis, for which there are tests of its own.
    REDIS_URL: '',
    // And people register: an operator would invite them.
    REGISTRATION: 'open',
    DATABASE_URL: databaseUrl(inject('clusterUrl'), database),
    PORT: String(webPort),
    SOCKET_PORT: String(socketPort),
    NODE_ENV: 'production',
    HOST: '::',
    LOG_DIR: join(app, 'logs'),
  }
}, 300_000)

/** A command of docker-compose.yml as a container runs it: nobody's user, this environment and nothing else. */
function commandOf(words: readonly string[], extra: Record<string, string> = {}): [string, string[]] {
  const ports = (word: string) => word.replace(':3000', `:${webPort}`).replace(':3001', `:${socketPort}`)
  const variables = Object.entries({ PATH: process.env.PATH ?? '', ...env, ...extra }).map(([k, v]) => `${k}=${v}`)
  const user = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : []
  const inside = ['sh', '-c', 'cd "$0" && exec "$@"', app]
  const [command = '', ...args] = [...user, 'env', '-i', ...variables, ...inside, ...words.map(ports)]
  return [command, args]
}

const run = (service: string): RunningTool => runTool(...commandOf(composeService(service).command ?? []))

const runOnce = (words: readonly string[], extra?: Record<string, string>) => exec(...commandOf(words, extra))

/** The health check that compose runs inside the container. */
async function isHealthy(service: string): Promise<boolean> {
  const [, ...words] = composeService(service).healthcheck?.test ?? []
  return runOnce(words).then(
    () => true,
    () => false,
  )
}

test('the migrations of the image bring an empty database to this version, once', async () => {
  const words = composeService('migrate').command ?? []
  expect((await runOnce(words)).stdout).toMatch(/Applied \d+\./)
  expect((await runOnce(words)).stdout).toContain('the database is up to date')
})

test('pages and sockets run from the image alone, are healthy, serve a conversation, and leave with 0', async () => {
  await runOnce(composeService('migrate').command ?? [])
  expect(await isHealthy('web')).toBe(false)
  const [web, ws] = [run('web'), run('ws')]
  await waitFor(async () => (await isHealthy('web')) && (await isHealthy('ws')), {
    timeoutMs: 40_000,
    what: `both to be healthy; web: ${web.output()}; ws: ${ws.output()}`,
  })
  const [webUrl, url] = [`http://127.0.0.1:${webPort}`, `http://127.0.0.1:${socketPort}`]

  const page = await (await fetch(`${webUrl}/login`)).text()
  expect(page).toContain('<html')
  const script = page.match(/\/_next\/static\/[^"]+\.js/)?.[0]
  for (const path of [script, '/worker.js']) expect((await fetch(webUrl + path)).status).toBe(200)

  const account = (name: string) => ({ name, email: `${name}@example.com`, password: 'a long password' })
  const [ada, grace] = await Promise.all([testUser(webUrl, account('ada')), testUser(webUrl, account('grace'))])
  const room = await directRoom(ada, grace)
  const [adas, graces] = await Promise.all([ada.connect({ url }), grace.connect({ url })])
  const inbox = heard(graces, 'receiveMessage')
  const sent = await asked(adas, 'sendMessage', { roomId: room.id, message: 'hello', clientId: randomUUID() })
  await waitFor(() => inbox.some(({ id }) => id === sent.id))

  const role = await runOnce(['node', 'dist/scripts/user-role.mjs', 'ada@example.com', 'admin'])
  expect(role.stdout).toContain('is now "admin"')

  for (const process of [web, ws]) {
    await process.stop('SIGTERM')
    expect(process.child.exitCode, process.output()).toBe(0)
  }
  expect(web.output() + ws.output()).not.toMatch(/EACCES|EROFS|EPERM|Log files are off/)
})

test.each(['web', 'ws', 'migrate'])('%s says at once what the configuration lacks', async (service) => {
  const [command, args] = commandOf(composeService(service).command ?? [], { SERVICE_KEY: '', PUBLIC_URL: '' })
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  expect(output).toContain('SERVICE_KEY')
  expect(output).toContain('PUBLIC_URL')
  expect(output).not.toMatch(/^\s+at /m)
})
