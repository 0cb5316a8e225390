import path from 'node:path'
import { rateLimitModules } from '@/contracts/rateLimits'
import { onlyKey } from '@/lib/auth/keyRing'
import { type AppEnv, appEnvs, isStrict } from './appEnv'
import { ConfigError, type ConfigFault } from './ConfigError'
import type { Config, RateLimit } from './config'
import { isLoopback, isWildcard, nearestHost } from './hosts'
import { rateLimitVariable, rateLimitVariables, type Variables, variables } from './variables'

type Given = Record<string, string>

/** A blank line in an .env file means "not set". */
function withoutBlanks(env: NodeJS.ProcessEnv): Given {
  const given: Given = {}
  for (const [name, value] of Object.entries(env)) {
    if (value?.trim()) given[name] = value.trim()
  }
  return given
}

/** Faults between variables, read from the raw values so that they are told together with those inside one. */
function crossFaults(given: Given): ConfigFault[] {
  const faults: ConfigFault[] = []
  if ((given.PORT ?? '3000') === (given.SOCKET_PORT ?? '3001')) {
    faults.push({ variable: 'SOCKET_PORT', problem: 'It equals PORT. Give each process a port of its own.' })
  }
  for (const [one, other] of [
    ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
    ['GOOGLE_CLIENT_SECRET', 'GOOGLE_CLIENT_ID'],
    ['SMTP_URL', 'MAIL_FROM'],
    ['MAIL_FROM', 'SMTP_URL'],
  ] as const) {
    if (given[one] && !given[other]) faults.push({ variable: other, problem: `It is missing, though ${one} is set.` })
  }
  const appEnv = appEnvs.find((word) => word === given.APP_ENV)
  return appEnv && isStrict(appEnv) ? [...faults, ...strictFaults(given, appEnv)] : faults
}

/** A service whose key is also one of ours could do everything, or sign in as anybody, whatever its scopes say. */
function sharedKeys(read: Variables): ConfigFault[] {
  const signing = [read.SESSION_TOKEN_SECRET, ...(read.SESSION_TOKEN_SECRETS ?? []).map(({ secret }) => secret)]
  return read.SERVICE_KEYS.flatMap(({ name, key }) => {
    const same =
      key === read.SERVICE_KEY ? 'SERVICE_KEY' : signing.includes(key) ? 'a secret of session tokens' : undefined
    return same
      ? [{ variable: 'SERVICE_KEYS', problem: `The key of "${name}" is ${same} as well. Give it its own.` }]
      : []
  })
}

/** The public key says nothing that the private one does not; where it is given it must be the same pair's. */
function otherPair({ VAPID_PUBLIC_KEY: given, VAPID_PRIVATE_KEY: pair }: Variables): ConfigFault[] {
  if (given === undefined || given.replace(/=+$/, '') === pair?.publicKey) return []
  const problem = pair
    ? 'It is of another pair than VAPID_PRIVATE_KEY.'
    : 'It needs VAPID_PRIVATE_KEY of the same pair.'
  return [{ variable: 'VAPID_PUBLIC_KEY', problem }]
}

/** What an installation that people rely on must be told. */
function strictFaults(given: Given, appEnv: AppEnv): ConfigFault[] {
  const because = `APP_ENV=${appEnv} needs it:`
  const needed = {
    DATABASE_URL: `${because} postgresql://user:password@host:5432/name.`,
    SERVICE_KEY: `${because} a secret of at least 32 characters (openssl rand -base64 32).`,
    ...(!given.SESSION_TOKEN_SECRETS && {
      SESSION_TOKEN_SECRET: `${because} a secret of at least 32 characters (openssl rand -base64 32).`,
    }),
    PUBLIC_URL: `${because} the https address that people open, like https://chat.example.com.`,
  }
  const faults = Object.entries(needed)
    .filter(([variable]) => !given[variable])
    .map(([variable, problem]) => ({ variable, problem }))
  if (given.PUBLIC_URL && !given.PUBLIC_URL.startsWith('https:')) {
    faults.push({ variable: 'PUBLIC_URL', problem: `With APP_ENV=${appEnv} it must begin with https://.` })
  }
  if (['true', '1', 'yes', 'on'].includes(given.WEBHOOKS_ALLOW_PRIVATE?.toLowerCase() ?? '')) {
    faults.push({
      variable: 'WEBHOOKS_ALLOW_PRIVATE',
      problem: `It is for development: leave it out with APP_ENV=${appEnv}.`,
    })
  }
  if (given.GOOGLE_ISSUER && !given.GOOGLE_ISSUER.startsWith('https:')) {
    faults.push({ variable: 'GOOGLE_ISSUER', problem: `With APP_ENV=${appEnv} it must begin with https://.` })
  }
  return faults
}

/**
 * Reads everything the environment can say, or throws one ConfigError that names every fault at once. Relative folders
 * are taken from `cwd`. Nothing is read from disk and nothing is made: see loadRuntimeConfig.
 */
export function parseConfig(env: NodeJS.ProcessEnv, cwd: string = process.cwd()): Config {
  const given = withoutBlanks(env)
  const parsed = variables.safeParse(given)
  const limits = rateLimitVariables.safeParse(given)
  const faults = [
    ...[...(parsed.error?.issues ?? []), ...(limits.error?.issues ?? [])].map((issue) => ({
      variable: String(issue.path[0]),
      problem: issue.message,
    })),
    ...crossFaults(given),
    ...(parsed.success ? [...sharedKeys(parsed.data), ...otherPair(parsed.data)] : []),
  ]
  if (!parsed.success || !limits.success || faults.length > 0) {
    throw new ConfigError(faults.filter(({ variable }, at) => faults.findIndex((f) => f.variable === variable) === at))
  }
  return toConfig(parsed.data, limits.data, cwd)
}

/** One address that this machine's own name `localhost` does not lead to. */
const isOutside = (host: string): boolean => !isLoopback(host) && !isWildcard(host)

function toConfig(read: Variables, limits: Record<string, RateLimit>, cwd: string): Config {
  const nearest = nearestHost(read.HOST)
  const publicUrl = read.PUBLIC_URL ?? `http://${read.HOST.some(isOutside) ? nearest : 'localhost'}:${read.PORT}`
  const here = [`http://localhost:${read.PORT}`, `http://127.0.0.1:${read.PORT}`]
  return {
    appEnv: read.APP_ENV,
    hosts: read.HOST,
    port: read.PORT,
    socketPort: read.SOCKET_PORT,
    publicUrl,
    socketPublicUrls: read.SOCKET_PUBLIC_URL ?? read.NEXT_PUBLIC_SOCKET_URL ?? {},
    socketInternalUrls: read.SOCKET_INTERNAL_URL ?? [`http://${nearest}:${read.SOCKET_PORT}`],
    dataDir: path.resolve(cwd, read.DATA_DIR),
    databaseUrl: read.DATABASE_URL,
    databaseMigrationUrl: read.DATABASE_MIGRATION_URL,
    webhooksAllowPrivate: read.WEBHOOKS_ALLOW_PRIVATE,
    databasePoolSize: read.DATABASE_POOL_SIZE,
    redisUrls: read.REDIS_URL,
    serviceKey: read.SERVICE_KEY,
    serviceKeys: read.SERVICE_KEYS,
    sessionTokenKeys:
      read.SESSION_TOKEN_SECRETS ?? (read.SESSION_TOKEN_SECRET ? onlyKey(read.SESSION_TOKEN_SECRET) : undefined),
    // What anybody may run on a visitor's own machine is no page of an installation that people rely on.
    allowedOrigins: [...new Set(read.ALLOWED_ORIGINS ?? (isStrict(read.APP_ENV) ? [publicUrl] : [publicUrl, ...here]))],
    socketNamespaces: read.SOCKET_NAMESPACES,
    trustedProxyHops: read.TRUSTED_PROXY_HOPS,
    allowLists: {
      admin: read.ADMIN_ALLOWED_IPS,
      service: read.SERVICE_ALLOWED_IPS,
      metrics: read.METRICS_ALLOWED_IPS,
    },
    // One for each module, as the variables are.
    rateLimits: Object.fromEntries(
      rateLimitModules.map((module) => [module, limits[rateLimitVariable(module)]]),
    ) as Config['rateLimits'],
    connectionLimits: {
      process: read.MAX_CONNECTIONS,
      perUser: read.MAX_CONNECTIONS_PER_USER,
      perAddress: read.MAX_CONNECTIONS_PER_ADDRESS,
    },
    commandTimeoutMs: read.COMMAND_TIMEOUT_MS,
    socketCompressionBytes: read.SOCKET_COMPRESSION,
    auditRetentionDays: read.AUDIT_RETENTION_DAYS,
    metricsPublic: read.METRICS_PUBLIC,
    vapid: read.VAPID_PRIVATE_KEY,
    logLevel: read.LOG_LEVEL,
    logDir: path.resolve(cwd, read.LOG_DIR),
    google:
      read.GOOGLE_CLIENT_ID && read.GOOGLE_CLIENT_SECRET
        ? { clientId: read.GOOGLE_CLIENT_ID, clientSecret: read.GOOGLE_CLIENT_SECRET, issuer: read.GOOGLE_ISSUER }
        : undefined,
    mail: read.SMTP_URL && read.MAIL_FROM ? { smtpUrl: read.SMTP_URL, from: read.MAIL_FROM } : undefined,
    registration: read.REGISTRATION ?? (isStrict(read.APP_ENV) ? 'invite' : 'open'),
    secondFactorForAdmins: read.SECOND_FACTOR_ADMINS
      ? read.SECOND_FACTOR_ADMINS === 'required'
      : isStrict(read.APP_ENV),
  }
}
