import { isIP } from 'node:net'
import { z } from 'zod'
import { type Namespace, namespaces } from '@/contracts/namespaces'
import { serviceScopes } from '@/contracts/permissions'
import { type RateLimitModule, rateLimitDefaults, rateLimitModules } from '@/contracts/rateLimits'
import type { SessionTokenKey, SessionTokenKeys } from '@/lib/auth/keyRing'
import { type Network, parseNetwork } from '../http/allowLists'
import { type VapidKeys, vapidKeysOf } from '../push/vapid'
import { appEnvs } from './appEnv'
import { type RateLimit, registrations, type ServiceKey, type SocketAddresses } from './config'
import { LOOPBACKS } from './hosts'

/** Characters that a secret given by hand must have at least. */
const SECRET_LENGTH = 32

const reject = (context: z.RefinementCtx, message: string): never => {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}

function namespaceOf(name: string, context: z.RefinementCtx): Namespace {
  const known = namespaces.find((namespace) => namespace === `/${name.replace(/^\//, '')}`)
  const names = namespaces.map((namespace) => namespace.slice(1)).join(', ')
  return known ?? reject(context, `"${name}" is no namespace. There are ${names}.`)
}

const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const wholeNumber = (min: number, max: number) =>
  z.string().transform((value, context) => {
    const number = Number(value)
    return /^\d+$/.test(value) && number >= min && number <= max
      ? number
      : reject(context, `"${value}" is not a whole number from ${min} to ${max}.`)
  })

const yesOrNo = z.string().transform((value, context) => {
  if (['true', '1', 'yes', 'on'].includes(value.toLowerCase())) return true
  if (['false', '0', 'no', 'off'].includes(value.toLowerCase())) return false
  return reject(context, `"${value}" is neither true nor false.`)
})

function parseUrl(value: string): URL | undefined {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

function originOf(value: string, context: z.RefinementCtx): string {
  const url = parseUrl(value)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return reject(context, `"${value}" is not an address. Write it like https://chat.example.com.`)
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    return reject(
      context,
      `"${value}" has more than scheme, host and port. Write it like ${url.protocol}//${url.host}.`,
    )
  }
  return url.origin
}

const hosts = z.string().transform((value, context): string[] => {
  if (value.toLowerCase() === 'localhost') return [...LOOPBACKS]
  const address = value.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) > 0) return [address]
  return reject(context, `"${value}" is not an IP address of this machine. Write :: for all of them.`)
})

const origin = z.string().transform(originOf)

/** One address, or one for each namespace that is served elsewhere: `chat=https://…,notifications=https://…`. */
const socketAddresses = z.string().transform((value, context): SocketAddresses => {
  const addresses: SocketAddresses = {}
  for (const entry of list(value)) {
    const [, name, address = entry] = /^([a-z]+)=(.*)$/.exec(entry) ?? []
    const key = name === undefined ? 'any' : namespaceOf(name, context)
    if (addresses[key]) reject(context, 'There are two addresses for the same. Write name=address for each namespace.')
    addresses[key] = originOf(address, context)
  }
  return addresses
})
const origins = z.string().transform((value, context) => list(value).map((entry) => originOf(entry, context)))

/** The value may hold a password, so the sentence does not repeat it. */
const connection = (schemes: readonly string[], example: string) =>
  z.string().refine((value) => schemes.includes(parseUrl(value)?.protocol ?? ''), {
    error: `This is not an address of that kind. Write it like ${example}.`,
  })

/** `Tandem <tandem@example.com>`, or the address alone. */
const sender = z.string().transform((value, context): string => {
  const [, name, address = value] = /^([^<>]*)<([^<>]+)>$/.exec(value) ?? []
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would begin another header
  if (/[\x00-\x1f\x7f]/.test(value) || /["\\,]/.test(name ?? '') || !z.email().safeParse(address.trim()).success) {
    return reject(context, `"${value}" is no sender. Write it like Tandem <tandem@example.com>.`)
  }
  return value
})

/** Some nodes of a Redis cluster are as good as all of them. */
const redisUrls = z
  .string()
  .transform(list)
  .pipe(z.array(connection(['redis:', 'rediss:'], 'redis://host:6379 (nodes of a cluster: with commas between)')))

const secret = z.string().min(SECRET_LENGTH, {
  error: `This is too short: a secret has at least ${SECRET_LENGTH} characters. Make one with: openssl rand -base64 32`,
})

/** `name:key:scope+scope,…`. One name may have two keys, so that its service can change from one to the other. */
const serviceKeys = z.string().transform((value, context): ServiceKey[] => {
  const keys: ServiceKey[] = []
  for (const [index, entry] of list(value).entries()) {
    const [name = '', key = '', scopes = '', ...rest] = entry.split(':')
    // Without the key, which may stand in the wrong place.
    const which = `Entry ${index + 1}`
    const isName = /^[a-z][a-z0-9-]{0,31}$/.test(name)
    if (!isName || key === '' || rest.length > 0)
      return reject(context, `${which} is not written like name:key:scope+scope.`)
    if (reservedNames.includes(name)) return reject(context, `${which}: "${name}" means somebody else in logs.`)
    if (key.length < SECRET_LENGTH) return reject(context, `${which}: a key has at least ${SECRET_LENGTH} characters.`)
    const wanted = scopes.split('+').map((word) => serviceScopes.find((scope) => scope === word))
    if (wanted.includes(undefined)) return reject(context, `${which}: the scopes are ${serviceScopes.join(', ')}.`)
    if (keys.some((other) => other.key === key)) return reject(context, `${which} repeats a key.`)
    if (keys.filter((other) => other.name === name).length === 2)
      return reject(context, `"${name}" has more than two keys. Two are enough to change from one to the other.`)
    keys.push({ name, key, scopes: wanted.filter((scope) => scope !== undefined) })
  }
  return keys
})

/** What the audit log calls others by. */
const reservedNames = ['service', 'nobody', 'system']

const networks = z
  .string()
  .transform((value, context): Network[] =>
    list(value).map(
      (entry) =>
        parseNetwork(entry) ?? reject(context, `"${entry}" is no address and no network. Write it like 10.0.0.0/8.`),
    ),
  )

/** `kid:secret,…`. The value holds secrets, so the sentences repeat the names only. */
const secrets = z.string().transform((value, context): SessionTokenKeys => {
  const keys = list(value).map((entry, at): SessionTokenKey => {
    const [, kid, text = ''] = /^([\w-]{1,32}):(.*)$/.exec(entry) ?? []
    if (kid === undefined)
      return reject(context, `Key ${at + 1} has no name. Write name:secret, like 2026-11:<secret>.`)
    if (text.length < SECRET_LENGTH) {
      return reject(context, `The secret of "${kid}" is too short: it has at least ${SECRET_LENGTH} characters.`)
    }
    return { kid, secret: text }
  })
  const twice = keys.find(({ kid }, at) => keys.findIndex((key) => key.kid === kid) !== at)
  if (twice) return reject(context, `There are two keys of the name "${twice.kid}".`)
  const [first, ...others] = keys
  return first ? [first, ...others] : reject(context, 'There is no key in it. Write name:secret.')
})

const connections = z.string().transform((value, context): number | null => {
  if (value.toLowerCase() === 'off') return null
  return /^[1-9]\d{0,6}$/.test(value)
    ? Number(value)
    : reject(context, `"${value}" is neither a number from 1 nor off.`)
})

const compression = z.string().transform((value, context): number | null => {
  if (value.toLowerCase() === 'off') return null
  return /^[1-9]\d{0,6}$/.test(value)
    ? Number(value)
    : reject(context, `"${value}" is neither off nor the bytes from which messages are compressed, like 1024.`)
})

const rateLimit = z.string().transform((value, context): RateLimit => {
  if (value.toLowerCase() === 'off') return null
  const [, points, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(value) ?? []
  return points && seconds
    ? { points: Number(points), seconds: Number(seconds) }
    : reject(context, `"${value}" is no limit. Write points/seconds, like 30/60, or off.`)
})

/** The value is a secret, so the sentence does not repeat it. */
const vapidKeys = z.string().transform((value, context): VapidKeys => {
  try {
    return vapidKeysOf(value)
  } catch {
    return reject(context, 'This is no private key of VAPID: 32 bytes. Make one with: openssl rand -base64 32')
  }
})

const socketNamespaces = z
  .string()
  .transform((value, context) => [...new Set(list(value))].map((name) => namespaceOf(name, context)))

/** Every variable that Tandem reads, blank ones taken out beforehand. The documents tell defaults as they are written here. */
export const variables = z.object({
  APP_ENV: z
    .enum(appEnvs, { error: ({ input }) => `"${input}" is none of development, test, staging and production.` })
    .default('development'),
  HOST: hosts.prefault('localhost'),
  PORT: wholeNumber(1, 65_535).default(3000),
  SOCKET_PORT: wholeNumber(1, 65_535).default(3001),
  PUBLIC_URL: origin.optional(),
  SOCKET_PUBLIC_URL: socketAddresses.optional(),
  NEXT_PUBLIC_SOCKET_URL: socketAddresses.optional(),
  SOCKET_INTERNAL_URL: origins.optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: connection(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/name').optional(),
  DATABASE_MIGRATION_URL: connection(
    ['postgres:', 'postgresql:'],
    'postgresql://user:password@host:5432/name',
  ).optional(),
  DATABASE_POOL_SIZE: wholeNumber(1, 1_000).default(10),
  REDIS_URL: redisUrls.default([]),
  SERVICE_KEY: secret.optional(),
  SERVICE_KEYS: serviceKeys.default([]),
  SESSION_TOKEN_SECRET: secret.optional(),
  SESSION_TOKEN_SECRETS: secrets.optional(),
  ALLOWED_ORIGINS: origins.optional(),
  SOCKET_NAMESPACES: socketNamespaces.prefault(namespaces.map((namespace) => namespace.slice(1)).join(',')),
  ADMIN_ALLOWED_IPS: networks.default([]),
  SERVICE_ALLOWED_IPS: networks.default([]),
  METRICS_ALLOWED_IPS: networks.default([]),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 10).default(0),
  MAX_CONNECTIONS: connections.prefault('20000'),
  MAX_CONNECTIONS_PER_USER: connections.prefault('20'),
  MAX_CONNECTIONS_PER_ADDRESS: connections.prefault('2000'),
  SOCKET_COMPRESSION: compression.prefault('off'),
  COMMAND_TIMEOUT_MS: wholeNumber(100, 600_000).default(5_000),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 3_650).default(90),
  METRICS_PUBLIC: yesOrNo.default(false),
  WEBHOOKS_ALLOW_PRIVATE: yesOrNo.default(false),
  VAPID_PUBLIC_KEY: z.string().optional(),
  VAPID_PRIVATE_KEY: vapidKeys.optional(),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], { error: 'There are error, warn, info and debug.' })
    .default('info'),
  LOG_DIR: z.string().default('logs'),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GOOGLE_ISSUER: origin.default('https://accounts.google.com'),
  SMTP_URL: connection(['smtp:', 'smtps:'], 'smtps://user:password@mail.example.com').optional(),
  MAIL_FROM: sender.optional(),
  REGISTRATION: z.enum(registrations, { error: 'There are open, invite and closed.' }).optional(),
  SECOND_FACTOR_ADMINS: z.enum(['required', 'optional'], { error: 'There are required and optional.' }).optional(),
})

export type Variables = z.output<typeof variables>

/** `chat-messages` is limited by `RATE_LIMIT_CHAT_MESSAGES`. */
export const rateLimitVariable = (module: RateLimitModule): string =>
  `RATE_LIMIT_${module.replaceAll('-', '_').toUpperCase()}`

/** One variable for each module of the contract, which says its default. */
export const rateLimitVariables = z.object(
  Object.fromEntries(
    rateLimitModules.map((module) => [rateLimitVariable(module), rateLimit.prefault(rateLimitDefaults[module])]),
  ),
)
