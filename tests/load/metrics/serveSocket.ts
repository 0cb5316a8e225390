import { namespaces } from '@/contracts/namespaces'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSocketApp } from '@/server/socket/app'
import { silentLogger } from '@/services/shared/Logger'
import { guard } from '../../support/guardedProcess'
import { onlyLimits } from '../../support/servers/rateLimits'

/** One socket server of this process. */
export interface ServeOptions {
  databaseUrl: string
  sessionTokenSecret: string
  /** What bench:metrics compares. */
  isCounting: boolean
}

/** What the process says when it is ready. */
export interface Serving {
  ports: number[]
}

const serve = (options: ServeOptions) =>
  createSocketApp(
    {
      appEnv: 'test',
      hosts: ['127.0.0.1'],
      databaseUrl: options.databaseUrl,
      databasePoolSize: 5,
      redisUrls: [],
      rateLimits: onlyLimits({}),
      serviceKey: 'x'.repeat(32),
      serviceKeys: [],
      allowLists: { admin: [], service: [], metrics: [] },
      auditRetentionDays: 90,
      sessionTokenKeys: onlyKey(options.sessionTokenSecret),
      connectionLimits: { process: null, perUser: null, perAddress: null },
      trustedProxyHops: 0,
      allowedOrigins: [],
      socketPublicUrls: {},
      socketNamespaces: [...namespaces],
      commandTimeoutMs: 20_000,
      socketCompressionBytes: null,
      metricsPublic: true,
      webhooksAllowPrivate: true,
      vapid: undefined,
      publicUrl: 'http://localhost:3000',
      mail: undefined,
      google: undefined,
      secondFactorForAdmins: false,
    },
    silentLogger,
    { isCounting: options.isCounting },
  )

// A script of its own: nothing but socket servers, so that its CPU time is theirs and nobody else's.
await guard<Serving>(async () => {
  const options = JSON.parse(process.env.SERVE_OPTIONS ?? '[]') as ServeOptions[] // written by ServerProcess.ts
  const apps = options.map(serve)
  const ports: number[] = []
  for (const app of apps) ports.push(await app.listen(0))
  process.on('message', () => {
    // Whoever made garbage pays for it, and nobody for what was left by those before.
    globalThis.gc?.({ type: 'minor', execution: 'sync' })
    process.send?.(process.cpuUsage())
  })
  return { ready: { ports }, stop: async () => void (await Promise.all(apps.map((app) => app.close()))) }
})
