import { type Server as HttpServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { Server } from 'socket.io'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { type Namespace, namespaces } from '@/contracts/namespaces'
import type { SocketEncoding } from '@/lib/env/config'
import { apiHeaders } from '@/lib/http/securityHeaders'
import { newCorrelationId } from '@/lib/logger/correlation'
import { isAllowedOrigin } from '@/lib/pipeline/origin'
import type { RedisClient } from '@/lib/redis/connectRedis'
import { binaryParser } from './core/binaryParser'
import { corkWrites } from './core/corkWrites'
import type { SocketServer } from './core/sockets'
import type { EngineConnection } from './frontDoor/engine'
import type { FrontDoor, TurnedAway } from './frontDoor/FrontDoor'

export interface SocketServerDeps {
  httpServer: HttpServer
  /** Beside the address that the server is asked by. */
  allowedOrigins: readonly string[]
  /** Refuses new connections while true (starting, draining). */
  isClosed: () => boolean
  frontDoor: FrontDoor
  encoding: SocketEncoding
  /** Links this process with others; their commands must never reject. */
  redis: { publisher: RedisClient; subscriber: RedisClient } | undefined
}

/** Engine heartbeat: a dead connection is noticed after interval plus timeout, in milliseconds. */
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 10_000
/** How long a connection may stay without joining a namespace, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000
/** How long other processes may take to answer, in milliseconds. */
const PEERS_MS = 1_000

/** Socket.IO on an HTTP server that others may use as well; attach namespaces before it listens. */
export function createSocketServer({
  httpServer,
  allowedOrigins,
  isClosed,
  frontDoor,
  encoding,
  redis,
}: SocketServerDeps): SocketServer {
  httpServer.on('upgrade', (_request, socket) => socket.on('error', ignoreBrokenOff))
  const io: SocketServer = new Server(httpServer, {
    serveClient: false,
    maxHttpBufferSize: limits.transportBytes,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    cors: { origin: [...allowedOrigins] },
    ...(encoding.parser === 'msgpack' && { parser: binaryParser }),
    perMessageDeflate: compressed(encoding.compressFromBytes),
    // CORS does not guard WebSockets; this does, on both transports.
    allowRequest: (request, answer) => {
      const { origin, host } = request.headers
      if (!isAllowedOrigin(origin, allowedOrigins, host)) return answer('This origin is not allowed.', false)
      const turnedAway = isClosed() ? STARTING_OR_STOPPING : frontDoor.turnsAway(request)
      if (!turnedAway) return answer(null, true)
      const refuse = () => {
        turnedAway.released()
        sayWhy(request, turnedAway)
        answer(turnedAway.message, false)
      }
      if (turnedAway.holdMs === 0) refuse()
      else setTimeout(refuse, turnedAway.holdMs).unref()
    },
  })
  // Fastify does not see these answers: long polls hold what people wrote.
  io.engine.on('headers', (headers: Record<string, string>) => Object.assign(headers, apiHeaders))
  // The classic adapter: the sharded and the streams adapter lose local delivery as well while Redis is down.
  frontDoor.attach(io)
  corkWrites(io)
  io.engine.use(refuseOtherMethods)
  if (redis) io.adapter(createAdapter(redis.publisher, redis.subscriber, { key: 'tandem', requestsTimeout: PEERS_MS }))
  return io
}

/**
 * Each message by itself: a dictionary kept between them takes a hundred times the memory of an idle connection. (`ws` also
 * holds to the threshold only then.)
 */
const compressed = (threshold: number | null) =>
  threshold !== null && { threshold, serverNoContextTakeover: true, clientNoContextTakeover: true }

/**
 * Node takes its own listener off a socket that asks for an upgrade, and `ws` adds one only once it has it: in between (an
 * answer that is held back, an address where no upgrade is) a client that breaks the connection off would end the process.
 */
const ignoreBrokenOff = (): void => {}

const STARTING_OR_STOPPING: TurnedAway = {
  status: 503,
  message: 'The server is starting or stopping. Try again in a moment.',
  retryAfterSec: 1,
  holdMs: 0,
  released: () => {},
}

/**
 * Engine.IO answers every refused WebSocket with 400, which tells a load balancer nothing. 503 lets it try another
 * instance.
 */
function sayWhy({ headers, socket }: IncomingMessage, { status, retryAfterSec }: TurnedAway): void {
  if (!headers.upgrade) return
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nRetry-After: ${retryAfterSec}\r\nContent-Length: 0\r\n\r\n`,
  )
}

/**
 * Engine.IO answers a method that it does not have with 500, as if that were our fault. What it gives for an answer to an
 * upgrade can only be ended, which cuts the connection.
 */
function refuseOtherMethods(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const allowed = request.headers.upgrade ? ['GET'] : ['GET', 'POST', 'OPTIONS']
  if (allowed.includes(request.method ?? '')) next()
  else {
    response.writeHead(405, { Allow: allowed.join(', ') })
    response.end()
  }
}

/** Tells who connects to `/`, or to a namespace that other processes serve, that there is nothing here. */
export function refuseOthers(io: SocketServer, served: readonly Namespace[], frontDoor: FrontDoor): void {
  for (const name of ['/', ...namespaces.filter((namespace) => !served.includes(namespace))]) {
    io.of(name).use(({ conn }, next) => {
      const error = new AppError('NOT_FOUND', { message: `Nothing is served here. Connect to ${served.join(' or ')}.` })
      // Socket.IO's type hides most of the connection beneath it.
      frontDoor.refused(conn as unknown as EngineConnection, error)
      next(Object.assign(new Error(error.message), { data: error.toWire(newCorrelationId()) }))
    })
  }
}
