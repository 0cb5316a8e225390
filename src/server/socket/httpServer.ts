import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { AppError, errorTable } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { type Listening, listenOn } from '@/lib/http/listenOn'
import { newCorrelationId } from '@/lib/pipeline/runCommand'
import { logFailure, toAppError } from '@/lib/sockets/middleware/errorHandler'
import type { Logger } from '@/services/shared/Logger'

export interface HttpServer {
  fastify: FastifyInstance
  /** On each of these addresses. Resolves to the port; 0 asks for a free one. */
  listen(port: number, hosts: readonly string[]): Promise<number>
  /** Says goodbye and closes; who has not left after `limitMs` (a sleeping laptop, an idle probe) is cut off. */
  close(sayGoodbye: () => Promise<void>, limitMs: number): Promise<void>
}

/** The server that Socket.IO and our routes share. */
export function createHttpServer(logger: Logger): HttpServer {
  const fastify = createFastify(logger)
  const { server } = fastify
  const openSockets = new Set<Socket>()
  let listening: Listening | undefined
  server.on('connection', (socket: Socket) => {
    openSockets.add(socket)
    socket.once('close', () => openSockets.delete(socket))
  })
  return {
    fastify,

    async listen(port, hosts) {
      await fastify.ready()
      listening = await listenOn(server, port, hosts)
      return listening.port
    },

    async close(sayGoodbye, limitMs) {
      const cutOff = setTimeout(() => {
        for (const socket of openSockets) socket.destroy()
      }, limitMs)
      await sayGoodbye()
      await Promise.all([fastify.close(), listening?.close()])
      clearTimeout(cutOff)
    },
  }
}

/** Fastify with our errors. */
function createFastify(logger: Logger): FastifyInstance {
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
