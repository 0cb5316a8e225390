import type { Namespace } from '@/contracts/namespaces'
import type { ServiceScope } from '@/contracts/permissions'
import type { RateLimitModule } from '@/contracts/rateLimits'
import type { SessionTokenKeys } from '@/lib/auth/keyRing'
import type { AllowLists } from '../http/allowLists'
import type { VapidKeys } from '../push/vapid'
import type { AppEnv } from './appEnv'

/** `points` commands in `seconds`; null is off. */
export type RateLimit = { points: number; seconds: number } | null

export const registrations = ['open', 'invite', 'closed'] as const
export type Registration = (typeof registrations)[number]
export interface MailConfig {
  /** Holds a password. */
  smtpUrl: string
  /** Whom mails come from: an address, or `Name <address>`. */
  from: string
}

/** What another service shows; its name stands in logs. */
export interface ServiceKey {
  name: string
  key: string
  scopes: readonly ServiceScope[]
}

/** Engine.IO connections of one process; null is off. */
export interface ConnectionLimits {
  process: number | null
  perUser: number | null
  perAddress: number | null
}

/** The address of each namespace; `any` of those that are not named. */
export type SocketAddresses = Partial<Record<Namespace | 'any', string>>

/** Everything the environment can say, parsed once (CONTRACT, *Configuration*). Absent secrets are made by `runtime.ts`. */
export interface Config {
  appEnv: AppEnv
  /** IP addresses that both processes listen on; those that this machine lacks are left out when they do. */
  hosts: string[]
  port: number
  socketPort: number
  publicUrl: string
  /** Where browsers find the socket servers; empty: at the host name they asked us by. */
  socketPublicUrls: SocketAddresses
  socketInternalUrls: string[]
  /** Absolute. */
  dataDir: string
  databaseUrl: string | undefined
  /** The same database by the role that owns its tables, for migrations; undefined: `databaseUrl` does. */
  databaseMigrationUrl: string | undefined
  databasePoolSize: number
  /** None: one process, or several that hear of each other by the database alone. Several: nodes of one cluster. */
  redisUrls: string[]
  serviceKey: string | undefined
  /** Beside it: each may do what its scopes say. */
  serviceKeys: ServiceKey[]
  sessionTokenKeys: SessionTokenKeys | undefined
  allowedOrigins: string[]
  socketNamespaces: Namespace[]
  trustedProxyHops: number
  /** From where admins, services and Prometheus may come. */
  allowLists: AllowLists
  rateLimits: Record<RateLimitModule, RateLimit>
  connectionLimits: ConnectionLimits
  commandTimeoutMs: number
  /** Messages of so many bytes are compressed on their way to a browser; null: none. */
  socketCompressionBytes: number | null
  /** How long the audit log is kept. */
  auditRetentionDays: number
  metricsPublic: boolean
  /** Whether webhooks may be sent into private networks: for development alone. */
  webhooksAllowPrivate: boolean
  /** By which push services know what is from us; undefined: not said. */
  vapid: VapidKeys | undefined
  logLevel: 'error' | 'warn' | 'info' | 'debug'
  /** Absolute. */
  logDir: string
  google: { clientId: string; clientSecret: string; issuer: string } | undefined
  /** Undefined: no e-mail is sent, and nothing that needs it is offered. */
  mail: MailConfig | undefined
  /** Who may make an account: anybody, whoever has an invite, nobody. */
  registration: Registration
  /** Whether a session of an admin needs a second factor to do what only admins may. */
  secondFactorForAdmins: boolean
}

/** A configuration with nothing left open: what a process is built from. Without `vapid` no push notifications are sent. */
export interface RuntimeConfig extends Config {
  databaseUrl: string
  serviceKey: string
  sessionTokenKeys: SessionTokenKeys
}
