import type { RuntimeConfig } from '@/lib/env/config'

/** What the socket process can be told; the rest of the configuration is the web process's. */
export type SocketAppConfig = Pick<
  RuntimeConfig,
  | 'appEnv'
  | 'publicUrl'
  | 'mail'
  | 'google'
  | 'hosts'
  | 'databaseUrl'
  | 'databasePoolSize'
  | 'redisUrls'
  | 'serviceKey'
  | 'serviceKeys'
  | 'allowLists'
  | 'auditRetentionDays'
  | 'sessionTokenKeys'
  | 'secondFactorForAdmins'
  | 'allowedOrigins'
  | 'socketPublicUrls'
  | 'socketNamespaces'
  | 'commandTimeoutMs'
  | 'socketCompressionBytes'
  | 'metricsPublic'
  | 'webhooksAllowPrivate'
  | 'vapid'
  | 'publicUrl'
  | 'rateLimits'
  | 'connectionLimits'
  | 'trustedProxyHops'
>

/** What the entry adds to the configuration. */
export interface SocketAppExtras {
  /** Log lines that did not reach their file. */
  logFailures?: (() => number) | undefined
  /** False: nothing is counted, to measure what counting costs. */
  isCounting?: boolean | undefined
  /** How long something has to be read before a browser is told, in milliseconds. */
  pushDelayMs?: number | undefined
}

export interface SocketApp {
  /** Resolves to the port; 0 asks for a free one. */
  listen(port: number): Promise<number>
  /** Not ready → commands in flight end → clients are closed so that they reconnect elsewhere → database is left. */
  close(): Promise<void>
}
