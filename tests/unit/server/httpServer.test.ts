import { expect, it } from 'vitest'
import { createHttpServer } from '@/server/socket/httpServer'
import { silentLogger } from '@/services/shared/Logger'

it.each([
  ['cannot be decoded', '/users/%ff/status', 400, 'BAD_REQUEST'],
  ['names something very long', `/users/${'x'.repeat(200)}/status`, 400, 'BAD_REQUEST'],
  ['is nobody’s', '/nowhere', 404, 'NOT_FOUND'],
])('an address that %s is refused in our form', async (_, url, status, code) => {
  const { fastify } = createHttpServer(silentLogger, 0)
  fastify.get('/users/:userId/status', async () => ({}))
  const answer = await fastify.inject({ url, headers: { 'x-correlation-id': 'c-1' } })
  expect(answer.statusCode).toBe(status)
  expect(answer.json()).toMatchObject({ error: { code, correlationId: 'c-1' } })
  expect(answer.headers['x-correlation-id']).toBe('c-1')
})
