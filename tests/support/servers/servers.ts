import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { namespaces } from '@/contracts/namespaces'
import type { Identity } from '@/lib/auth/identity'
import { onlyKey } from '@/lib/auth/keyRing'
import type { MailConfig } from '@/lib/env/config'
import type { NextRoute } from '@/lib/pipeline/createRoute'
import { createSocketApp } from '@/server/socket/app'
import type { SocketApp, SocketAppConfig, SocketAppExtras } from '@/server/socket/SocketApp'
import { closeWebApp, startWebApp } from '@/server/web/app'
import { type Logger, silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../postgres/createTestDatabase'
import { onTeardown } from '../teardown'
import { limitVariables, onlyLimits } from './rateLimits'
import { keepingLines, noteSecretsOf, quietConsole, refuseSecrets, refuseSecretsInFiles } from './secrets'
import { type TestUser, testUser } from './testUser'
import { startWebServer } from './webServer'

export interface SocketInstance {
  url: string
  app: SocketApp
}

/** What a test may add to a socket process; it logs nowhere unless it is given a logger. */
export interface SocketExtras extends SocketAppExtras {
  logger?: Logger
}

export interface TestServers {
  /** The HTTP API, as Next serves it. */
  webUrl: string
  /** The socket processes; the session token's `url` names the first. */
  sockets: readonly [SocketInstance, ...SocketInstance[]]
  /** A pool of the test's own, for looking at tables. */
  db: pg.Pool
  databaseUrl: string
  serviceKey: string
  /** Registers somebody new. */
  user(name?: string): Promise<TestUser>
  /** One more socket process on the same database; at a free port unless said. */
  startSocket(overrides?: Partial<SocketAppConfig>, extras?: SocketExtras, port?: number): Promise<SocketInstance>
}

export interface ServerOptions {
  /** Socket processes to begin with; 1 unless said. */
  sockets?: number
  /** Links all processes. */
  redisUrl?: string
  /** Limited in every process; what is not named is not limited. */
  limits?: Partial<SocketAppConfig['rateLimits']>
  webEnv?: Record<string, string>
  /** Of every socket process. */
  config?: Partial<SocketAppConfig>
  extras?: SocketExtras
  /** How every process sends e-mail; none does unless said. */
  mail?: MailConfig
  /** Of a test's own database; else a fresh one. */
  databaseUrl?: string
  /** Whose people these are; Tandem's own unless said. */
  identity?: Identity
  /** HTTP routes of the test's own, beside the app's files. */
  routes?: readonly NextRoute[]
}

/**
 * The whole system on a fresh database: real route handlers over HTTP, real socket processes, real PostgreSQL. Once per
 * file: the web app reads its configuration from the environment, to which `webEnv` adds.
 */
export async function startServers({
  sockets = 1,
  redisUrl,
  limits = {},
  webEnv = {},
  config = {},
  extras: ofAll = {},
  mail,
  databaseUrl: ownDatabase,
  routes = [],
  identity,
}: ServerOptions = {}): Promise<TestServers> {
  const databaseUrl = ownDatabase ?? (await createTestDatabase())
  const logDir = await mkdtemp(join(tmpdir(), 'tandem-logs-'))
  onTeardown(async () => {
    await refuseSecretsInFiles(logDir).finally(() => rm(logDir, { recursive: true, force: true }))
  })
  quietConsole()
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  db.on('error', () => {}) // the database is dropped under its last connections
  onTeardown(() => db.end())
  const secrets = {
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
    SERVICE_KEY: randomBytes(32).toString('hex'),
  }
  noteSecretsOf(secrets)

  const startSocket = async (
    overrides: Partial<SocketAppConfig> = {},
    { logger = silentLogger, ...extras }: SocketExtras = ofAll,
    atPort = 0,
  ): Promise<SocketInstance> => {
    const kept = keepingLines(logger)
    onTeardown(() => refuseSecrets(kept.lines))
    const app = createSocketApp(
      {
        appEnv: 'test',
        publicUrl: 'http://localhost:3000',
        mail,
        google: undefined,
        hosts: ['127.0.0.1'],
        databaseUrl,
        databasePoolSize: 5,
        redisUrls: redisUrl ? [redisUrl] : [],
        serviceKey: secrets.SERVICE_KEY,
        serviceKeys: [],
        allowLists: { admin: [], service: [], metrics: [] },
        auditRetentionDays: 90,
        sessionTokenKeys: onlyKey(secrets.SESSION_TOKEN_SECRET),
        secondFactorForAdmins: false,
        allowedOrigins: ['http://localhost:3000'],
        socketPublicUrls: {},
        socketNamespaces: [...namespaces],
        commandTimeoutMs: 5_000,
        socketCompressionBytes: null,
        metricsPublic: false,
        webhooksAllowPrivate: true,
        vapid: undefined,
        rateLimits: onlyLimits(limits),
        // As they are unless configured: no ordinary test meets them.
        connectionLimits: { process: 20_000, perUser: 20, perAddress: 2_000 },
        trustedProxyHops: 0,
        ...config,
        ...overrides,
      },
      kept.logger,
      extras,
    )
    const port = await app.listen(atPort)
    onTeardown(() => app.close())
    return { url: `http://127.0.0.1:${port}`, app }
  }

  const first = await startSocket()
  const others: SocketInstance[] = []
  for (let i = 1; i < sockets; i++) others.push(await startSocket())

  const env = { ...process.env }
  onTeardown(() => {
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
    Object.assign(process.env, env)
  })
  Object.assign(process.env, {
    ...secrets,
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '5',
    REDIS_URL: redisUrl ?? '',
    SOCKET_PUBLIC_URL: first.url,
    LOG_DIR: logDir,
    LOG_LEVEL: 'debug',
    ...limitVariables(limits),
    SMTP_URL: mail?.smtpUrl ?? '',
    MAIL_FROM: mail?.from ?? '',
    ...webEnv,
  })
  if (identity) await startWebApp(identity)
  const web = await startWebServer(routes)
  onTeardown(async () => {
    await web.stop()
    await closeWebApp()
  })
  return {
    webUrl: web.url,
    sockets: [first, ...others],
    db,
    databaseUrl,
    serviceKey: secrets.SERVICE_KEY,
    startSocket,
    user: (name = 'Somebody') =>
      testUser(web.url, { name, email: `${randomUUID()}@example.com`, password: 'a long password' }),
  }
}
