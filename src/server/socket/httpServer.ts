import Fastify, { type FastifyInstance } from 'fastify'
import { AppError, errorTable } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { newCorrelationId } from '@/lib/pipeline/runCommand'
import { logFailure, toAppError } from '@/lib/sockets/middleware/errorHandler'
import type { Logger } from '@/services/shared/Logger'

/** Fastify with our errors; Socket.IO shares its server. */
export function createHttpServer(logger: Logger): FastifyInstance {
  const server = Fastify({ bodyLimit: limits.payloadBytes, forceCloseConnections: true })
  server.setNotFoundHandler((_request, reply) => {
    const error = new AppError('NOT_FOUND', { message: 'There is nothing at this address.' })
    return reply.status(404).send({ error: error.toWire(newCorrelationId()) })
  })
  server.setErrorHandler((thrown: unknown, request, reply) => {
    const error = fromFastify(thrown)
    const correlationId = newCorrelationId()
    logFailure(logger, `${request.method} ${request.routeOptions.url}`, error, { correlationId })
    return reply.status(errorTable[error.code].status).send({ error: error.toWire(correlationId) })
  })
  return server
}

/** Fastify's own refusals (a body that is too large, or not JSON) carry a status; ours are AppErrors already. */
function fromFastify(thrown: unknown): AppError {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE', { cause: thrown })
  if (typeof status === 'number' && status >= 400 && status < 500) return new AppError('BAD_REQUEST', { cause: thrown })
  return toAppError(thrown)
}
