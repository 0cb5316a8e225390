import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError, errorTable } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { type Listening, listenOn } from '@/lib/http/listenOn'
import { apiHeaders } from '@/lib/http/securityHeaders'
import { isForwardedHttps, sendStrictTransport } from '@/lib/http/strictTransport'
import { CORRELATION_HEADER, correlationIdOf } from '@/lib/logger/correlation'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import type { Logger } from '@/services/shared/Logger'

/** How long clients may take to leave when the process stops, in milliseconds. */
const GOODBYE_MS = 2_000

export interface HttpServer {
  fastify: FastifyInstance
  /** Where it listens; 0 before. */
  readonly port: number
  /** On each of these addresses; 0 asks for a free port. */
  listen(port: number, hosts: readonly string[]): Promise<void>
  /** Says goodbye and closes; who has not left soon (a sleeping laptop, an idle probe) is cut off. */
  close(sayGoodbye: () => Promise<void>): Promise<void>
}

/** How long clients may take to send, in milliseconds; a WebSocket or a long poll that is under way is not concerned. */
export interface RequestTimeouts {
  headersMs: number
  /** Headers and body. */
  requestMs: number
  /** How often is looked. */
  checkMs: number
}

const TIMEOUTS: RequestTimeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000 }

/** The server that Socket.IO and our routes share. */
export function createHttpServer(logger: Logger, trustedProxyHops: number, timeouts = TIMEOUTS): HttpServer {
  const fastify = createFastify(logger, trustedProxyHops, timeouts)
  const { server } = fastify
  const openSockets = new Set<Socket>()
  let listening: Listening | undefined
  server.on('connection', (socket: Socket) => {
    openSockets.add(socket)
    socket.once('close', () => openSockets.delete(socket))
  })
  return {
    fastify,

    get port() {
      return listening?.port ?? 0
    },

    async listen(port, hosts) {
      await fastify.ready()
      // Before whoever answers: Engine.IO took the place of those who listened before it.
      server.prependListener('request', (request, response) => {
        if (isForwardedHttps(request, trustedProxyHops)) sendStrictTransport(response)
      })
      listening = await listenOn(server, port, hosts)
    },

    async close(sayGoodbye) {
      const cutOff = setTimeout(() => {
        for (const socket of openSockets) socket.destroy()
      }, GOODBYE_MS)
      const others = listening?.close() // nobody new, wherever
      await sayGoodbye()
      await Promise.all([fastify.close(), others])
      clearTimeout(cutOff)
    },
  }
}

/** Fastify with our errors. */
function createFastify(
  logger: Logger,
  trustedProxyHops: number,
  { headersMs, requestMs, checkMs }: RequestTimeouts,
): FastifyInstance {
  const refuse = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = fromFastify(thrown)
    const correlationId = request.id
    logFailure(logger, `${request.method} ${request.routeOptions.url}`, error, { correlationId })
    void reply.headers({ ...apiHeaders, [CORRELATION_HEADER]: correlationId })
    return reply.status(errorTable[error.code].status).send({ error: error.toWire(correlationId) })
  }
  const server = Fastify({
    // `request.ip` is the client, as on port 3000.
    trustProxy: (_address, hop) => hop < trustedProxyHops,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
    bodyLimit: limits.payloadBytes,
    forceCloseConnections: true,
    // An address that cannot be decoded, or that names something very long.
    frameworkErrors: refuse,
    genReqId: ({ headers }) => correlationIdOf(headers[CORRELATION_HEADER.toLowerCase()]?.toString()),
  })
  // A form of another site's page can send this without asking.
  server.removeContentTypeParser('text/plain')
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({ ...apiHeaders, [CORRELATION_HEADER]: request.id })
  })
  server.setNotFoundHandler((request, reply) => {
    const error = new AppError('NOT_FOUND', { message: 'There is nothing at this address.' })
    return reply.status(404).send({ error: error.toWire(request.id) })
  })
  server.setErrorHandler(refuse)
  return server
}

/** Fastify's own refusals (a body that is too large, or not JSON) carry a status; ours are AppErrors already. */
function fromFastify(thrown: unknown): AppError {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE', { cause: thrown })
  if (typeof status === 'number' && status >= 400 && status < 500) return new AppError('BAD_REQUEST', { cause: thrown })
  return toAppError(thrown)
}
