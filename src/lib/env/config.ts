import type { Namespace } from '@/contracts/namespaces'
import type { RateLimitModule } from '@/contracts/rateLimits'
import type { SessionTokenKeys } from '@/lib/auth/keyRing'
import type { AppEnv } from './appEnv'

/** `points` commands in `seconds`; null is off. */
export type RateLimit = { points: number; seconds: number } | null

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
  databasePoolSize: number
  /** None: one process, or several that hear of each other by the database alone. Several: nodes of one cluster. */
  redisUrls: string[]
  serviceKey: string | undefined
  sessionTokenKeys: SessionTokenKeys | undefined
  allowedOrigins: string[]
  socketNamespaces: Namespace[]
  trustedProxyHops: number
  rateLimits: Record<RateLimitModule, RateLimit>
  connectionLimits: ConnectionLimits
  commandTimeoutMs: number
  metricsPublic: boolean
  logLevel: 'error' | 'warn' | 'info' | 'debug'
  /** Absolute. */
  logDir: string
  google: { clientId: string; clientSecret: string } | undefined
}

/** A configuration with nothing left open: what a process is built from. */
export interface RuntimeConfig extends Config {
  databaseUrl: string
  serviceKey: string
  sessionTokenKeys: SessionTokenKeys
}
