import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OAuth2Server } from 'oauth2-mock-server'
import { variables } from '@/lib/env/variables'
import { waitUntil } from '../../../scripts/support/processes'
import { guard } from '../../support/guardedProcess'
import { startMailServer } from './mailbox'

/** Where the running app is found. */
export interface RunningApp {
  port: number
  socketPort: number
  /** Where it keeps what it remembers, its database's address among it. */
  dataDir: string
}

/** A name that is not localhost and leads here by the browser's own rules: see playwright.config.ts. */
const plainHttpName = 'tandem.test'

const reportsDir = 'reports'
const outputFile = join(reportsDir, 'e2e-app.log')
/** A build on a small machine is part of it. */
const startTimeoutMs = 10 * 60_000

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No free port.')
  return address.port
}

/** What a developer's shell or .env says about the app must not reach the tests' app: a blank setting is not set. */
const blankSettings = Object.fromEntries(
  Object.keys(variables.shape)
    // These are part of the build, which the tests share with `pnpm start`.
    .filter((name) => !name.startsWith('NEXT_PUBLIC_'))
    .map((name) => [name, '']),
)

/** In Google's place: whoever comes is sent back as somebody it has never told of before. */
async function startGoogle(): Promise<OAuth2Server> {
  const google = new OAuth2Server()
  await google.issuer.keys.generate('RS256')
  await google.start(0, '127.0.0.1')
  google.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    const sub = randomUUID()
    Object.assign(token.payload, { sub, email: `${sub}@google.test`, email_verified: true, name: 'Zoe at Google' })
  })
  return google
}

const environment = (app: RunningApp, google: OAuth2Server, smtpUrl: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ...blankSettings,
  // Playwright says "test", for which Next has no build.
  NODE_ENV: 'production',
  PORT: String(app.port),
  SOCKET_PORT: String(app.socketPort),
  DATA_DIR: app.dataDir,
  LOG_DIR: join(reportsDir, 'e2e-logs'),
  ALLOWED_ORIGINS: ['localhost', '127.0.0.1', plainHttpName].map((host) => `http://${host}:${app.port}`).join(','),
  GOOGLE_CLIENT_ID: 'tandem',
  GOOGLE_CLIENT_SECRET: 'a secret between the two',
  GOOGLE_ISSUER: google.issuer.url,
  SMTP_URL: smtpUrl,
  MAIL_FROM: 'Tandem <tandem@example.com>',
  // Tests sign in more often than people do. Not off: what is left is how a test sees whom an attempt counts for.
  RATE_LIMIT_AUTH: '10000/60',
  // Few enough to be used up by hand, and more than the other tests send. Measurements send more than any person.
  RATE_LIMIT_CHAT_MESSAGES: process.env.BENCH ? 'off' : '12/30',
  // A test makes a hundred notifications at once. The other limits are those people meet.
  RATE_LIMIT_NOTIFICATIONS: 'off',
  // Measurements connect thousands from this machine.
  ...(process.env.BENCH && { MAX_CONNECTIONS_PER_ADDRESS: 'off', MAX_CONNECTIONS_PER_USER: 'off' }),
})

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  )

/** Starts everything as a newcomer does, with an empty DATA_DIR. A script of its own: started by globalSetup.ts. */
await guard<RunningApp>(async (runnerGone) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-e2e-'))
  const app = { port: await freePort(), socketPort: await freePort(), dataDir }
  await chmod(dataDir, 0o755)
  await mkdir(reportsDir, { recursive: true })
  const output = createWriteStream(outputFile)
  await once(output, 'open')

  const google = await startGoogle()
  const mail = await startMailServer(dataDir)
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    env: environment(app, google, mail.url),
    stdio: ['ignore', output, output],
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await google.stop()
    mail.stop()
    await rm(dataDir, { recursive: true, force: true })
  }

  const settled = async () =>
    child.exitCode !== null ||
    runnerGone.aborted ||
    ((await answers(`http://127.0.0.1:${app.port}/login`)) &&
      (await answers(`http://127.0.0.1:${app.socketPort}/health/ready`)))
  const inTime = await waitUntil(settled, { timeoutMs: startTimeoutMs, everyMs: 200 })
  if (!inTime || child.exitCode !== null || runnerGone.aborted) {
    await stop()
    const said = await readFile(outputFile, 'utf8')
    throw new Error(`The app did not start. The end of ${outputFile}:\n${said.split('\n').slice(-30).join('\n')}`)
  }
  return { ready: app, stop }
})
