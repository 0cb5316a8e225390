import type { Namespace } from '@/contracts/auth'
import type { RateLimitModule } from '@/contracts/rateLimits'

/** `points` commands in `seconds`; null is off. */
export type RateLimit = { points: number; seconds: number } | null

/** Everything the environment can say, parsed once (CONTRACT, *Configuration*). Absent secrets are made by `runtime.ts`. */
export interface Config {
  appEnv: string
  isProduction: boolean
  port: number
  socketPort: number
  publicUrl: string
  socketPublicUrl: string | undefined
  socketInternalUrls: string[]
  /** Absolute. */
  dataDir: string
  databaseUrl: string | undefined
  databasePoolSize: number
  redisUrl: string | undefined
  serviceKey: string | undefined
  sessionTokenSecret: string | undefined
  allowedOrigins: string[]
  socketNamespaces: Namespace[]
  trustedProxyHops: number
  rateLimits: Record<RateLimitModule, RateLimit>
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
  sessionTokenSecret: string
}
