import type { FastifyInstance } from 'fastify'
import type { Health } from '@/contracts/health'
import type { Readiness } from './Readiness'

/** What the answers say: whether it is ready, and where it runs. */
export interface HealthRoutesDeps {
  readiness: Readiness
  port: () => number
  environment: string
}

/** `/health` and `/health/live` answer 200 while the process is alive; `/health/ready` 503 while it should get no clients. */
export function registerHealthRoutes(
  server: FastifyInstance,
  { readiness, port, environment }: HealthRoutesDeps,
): void {
  server.get(
    '/health',
    async (): Promise<Health> => ({
      status: 'ok',
      service: 'websocket',
      uptime: process.uptime(),
      port: port(),
      environment,
    }),
  )
  server.get('/health/live', async () => ({ status: 'ok' }))
  server.get('/health/ready', async (_request, reply) => {
    const answer = await readiness.check()
    return reply.status(answer.status === 'ok' || answer.status === 'degraded' ? 200 : 503).send(answer)
  })
}
