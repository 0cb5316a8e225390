import { createSocketApp } from '@/server/socket/app'
import { silentLogger } from '@/services/shared/Logger'
import { guard } from '../support/guardedProcess'

/** What the bench gives this process; `isCounting` is what it compares. */
export interface ServeOptions {
  databaseUrl: string
  sessionTokenSecret: string
  isCounting: boolean
}

// A script of its own: one socket process, so that its CPU time is the server's and nobody else's.
await guard<{ port: number }>(async () => {
  const options = JSON.parse(process.env.SERVE_OPTIONS ?? '{}') as ServeOptions // written by metricsCost.ts
  const app = createSocketApp(
    {
      appEnv: 'bench',
      databaseUrl: options.databaseUrl,
      databasePoolSize: 5,
      redisUrls: [],
      rateLimits: { 'chat-messages': null, 'chat-rooms': null, 'chat-read': null, 'chat-ping': null, auth: null },
      serviceKey: 'x'.repeat(32),
      sessionTokenSecret: options.sessionTokenSecret,
      allowedOrigins: [],
      socketNamespaces: ['/chat', '/notifications', '/admin'],
      commandTimeoutMs: 20_000,
      metricsPublic: true,
    },
    silentLogger,
    { isCounting: options.isCounting },
  )
  const port = await app.listen(0)
  process.on('message', () => process.send?.(process.cpuUsage()))
  return { ready: { port }, stop: () => app.close() }
})
