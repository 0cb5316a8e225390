import type { IncomingMessage, Server } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { WebSocketServer } from 'ws'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { isStrict } from '@/lib/env/appEnv'
import { Connections } from '@/lib/graphql/Connections'
import type { GraphqlServer } from '@/lib/graphql/GraphqlServer'
import type { notificationReads } from '@/lib/graphql/subscriptions/NotificationFeed'
import type { WebSocketProtocol } from '@/lib/graphql/WebSocketProtocol'
import type { HandlerTable } from '@/lib/pipeline/handlers'
import { InFlight } from '@/lib/pipeline/InFlight'
import { isAllowedOrigin } from '@/lib/pipeline/origin'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { EventTaps, type EventTapsDeps } from '@/lib/sockets/EventTaps'
import type { FrontDoor } from '@/lib/sockets/frontDoor/FrontDoor'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import type { SessionKeeper, SessionReader } from '@/services/users/ports'
import { type PersonServices, personHandlers } from '../personHandlers'
import { registerGraphqlRoute } from '../routes/graphql'
import type { SocketAppConfig } from './SocketApp'

const PATH = '/graphql'
const PROTOCOL = 'graphql-transport-ws'

export interface GraphqlDeps extends EventTapsDeps {
  config: SocketAppConfig
  fastify: FastifyInstance
  pipeline: PipelineDeps
  services: PersonServices
  sessions: SessionReader & SessionKeeper
  frontDoor: FrontDoor
  allowedOrigins: readonly string[]
  /** Refuses new connections while true (starting, draining). */
  isClosed: () => boolean
  /** How often live sessions are re-checked, in milliseconds. */
  sessionCheckMs: number
  /** How often a subscription looks for what no event has told it, in milliseconds. */
  lookAgainMs: () => number
  onSlowReader: () => void
  logger: Logger
}

/** GraphQL beside Socket.IO: most of it is loaded with the first request, so that who does not use it does not pay for it. */
export function createGraphql(deps: GraphqlDeps) {
  const { config, services, frontDoor } = deps
  const logger = deps.logger.scope('GraphQL')
  const inFlight = new InFlight()
  const connections = new Connections()
  const taps = new EventTaps(deps)
  const guard = new SessionGuard({ ...deps, connections, logger, intervalMs: deps.sessionCheckMs })
  const tokens = createSessionTokens(config.sessionTokenKeys)
  const reads: HandlerTable<typeof notificationReads> = {
    notificationsSince: ({ user }, { version }) => services.notifications.since(user, version),
  }
  let loading: Promise<{ server: GraphqlServer; webSockets: WebSocketProtocol }> | undefined
  const load = () => {
    loading ??= loadServer().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  const loadServer = async () => {
    const [{ GraphqlServer }, { WebSocketProtocol }] = await Promise.all([
      import('@/lib/graphql/GraphqlServer'),
      import('@/lib/graphql/WebSocketProtocol'),
    ])
    const server = new GraphqlServer({
      ...{ taps, connections, inFlight, frontDoor, logger, isStrict: isStrict(config.appEnv) },
      pipeline: { ...deps.pipeline, logger },
      handlers: { ...personHandlers(services), ...reads },
      lookAgainMs: deps.lookAgainMs,
    })
    const { sessions, onSlowReader } = deps
    const { trustedProxyHops } = config
    return { server, webSockets: new WebSocketProtocol(server, { tokens, sessions, trustedProxyHops, onSlowReader }) }
  }

  const isClosed = () => deps.isClosed() || inFlight.isDraining
  registerGraphqlRoute(deps.fastify, { ...deps, tokens, isClosed, load: async () => (await load()).server })
  const handshakes = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Whoever reads none of the answers would fill the memory with them: `answerPings`.
    autoPong: false,
    maxPayload: limits.payloadBytes,
    // Without it the protocol closes with its own code.
    handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL,
  })
  listenForUpgrades(deps.fastify.server, (request, socket, head) => {
    const { origin, host } = request.headers
    if (!isAllowedOrigin(origin, deps.allowedOrigins, host)) return refuse(socket, 403)
    if (isClosed()) return refuse(socket, 503, 1)
    const turnedAway = frontDoor.turnsAway(request)
    if (turnedAway) {
      turnedAway.released()
      return refuse(socket, turnedAway.status, turnedAway.retryAfterSec)
    }
    handshakes.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => logger.debug('a WebSocket failed', { error }))
      const visit = frontDoor.visit(request)
      // Nothing is read of it before there is somebody who does.
      webSocket.pause()
      load().then(
        ({ webSockets }) => {
          webSockets.serve(webSocket, request, visit)
          webSocket.resume()
        },
        (error: unknown) => {
          logger.error('GraphQL could not be loaded', { error })
          visit.leave()
          webSocket.terminate()
        },
      )
    })
  })

  return {
    subscriptions: () => connections.countSubscriptions(),

    /** To be told of every change. */
    heard(change: Change): void {
      if (change.type === 'sessionEnded') guard.end(change.sessionId)
      if (change.type === 'userChanged') guard.checkUser(change.userId)
    },

    start(): void {
      guard.start()
    },

    /** What is under way ends; then clients are told to come back, to another process. */
    async stop(): Promise<void> {
      guard.stop()
      await inFlight.drain()
      connections.end(new AppError('UNAVAILABLE', { message: 'The server is restarting.' }))
    },
  }
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Of this address alone: Engine.IO has its own, and ends all others after a second. */
function listenForUpgrades(server: Server, upgrade: Upgrade): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] === PATH) upgrade(request, socket, head)
  })
}

function refuse(socket: Duplex, status: number, retryAfterSec?: number): void {
  const retryAfter = retryAfterSec === undefined ? '' : `Retry-After: ${retryAfterSec}\r\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retryAfter}Content-Length: 0\r\n\r\n`,
  )
}
