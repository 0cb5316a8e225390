import type { IncomingMessage } from 'node:http'
import type { ExecutionArgs, GraphQLError } from 'graphql'
import { CloseCode, makeServer, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { AppError, type ErrorCode } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import { remoteAddressOf } from '@/lib/http/remoteAddress'
import { newCorrelationId } from '@/lib/logger/correlation'
import { requireBearer } from '@/lib/pipeline/auth'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import type { Visit } from '@/lib/sockets/frontDoor/FrontDoor'
import { InboundBudget } from '@/lib/sockets/frontDoor/InboundBudget'
import type { SessionReader } from '@/services/users/ports'
import type { Connection } from './Connections'
import type { GraphqlServer } from './GraphqlServer'
import { admitOperation } from './operation'
import { CommandFailed, RequestContext } from './RequestContext'

export interface WebSocketProtocolDeps {
  tokens: SessionTokens
  sessions: SessionReader
  /** Proxies of ours that a request has come through. */
  trustedProxyHops: number
  /** A client was cut off because it does not read; never throws. */
  onSlowReader: () => void
}

/** How long a connection may stay without signing in, in milliseconds. */
const SIGN_IN_MS = 10_000
/** A connection that answers no ping in this time is dead, in milliseconds. */
const PING_MS = 25_000
/** What may wait for a client that does not read, in bytes, as for Socket.IO's: a page of long messages is more than one. */
const SLOW_READER_BYTES = 4_000_000
/** And in messages: each also costs what the system needs to keep it. */
const MOST_WAITING = 1_000
/** Before anybody has signed in, with what frames add. */
const MOST_UNSIGNED_BYTES = limits.unsignedTransportBytes + 512
/** How long a connection that was ended may take to close, in milliseconds. */
const GOODBYE_MS = 2_000
/** Operations on one connection at a time, subscriptions included. */
const MOST_OPERATIONS = 60
/** A client that was read too fast is read again after this at the latest, in milliseconds. */
const LONGEST_PAUSE_MS = 5_000
/** By RFC 6455's registry: come back in a moment. */
const TRY_AGAIN_LATER = 1013
const SERVICE_RESTART = 1012
const TOO_BIG = 1009

/** Of one WebSocket. */
interface Extra {
  request: IncomingMessage
  visit: Visit
  /** Undefined until they have signed in. */
  connection: Connection | undefined
  /** It is closed. */
  isGone: boolean
  close(error: AppError): void
}

/** GraphQL over a WebSocket, by the protocol of graphql-ws. */
export class WebSocketProtocol {
  private readonly protocol: Server<Extra>
  private readonly budget = new InboundBudget()

  constructor(
    private readonly server: GraphqlServer,
    private readonly deps: WebSocketProtocolDeps,
  ) {
    this.protocol = makeServer<{ authorization?: unknown }, Extra>({
      connectionInitWaitTimeout: SIGN_IN_MS,
      onConnect: ({ connectionParams, extra }) => this.signIn(connectionParams?.authorization, extra),
      onSubscribe: ({ extra, subscriptions }, _id, payload) =>
        this.read(payload, extra, Object.keys(subscriptions).length),
      execute: (args: ExecutionArgs) => server.execute(args),
      onNext: (_context, _id, _payload, { contextValue }, result) => server.said(result, correlationOf(contextValue)),
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => server.wireErrorOf(error, newCorrelationId()).toJSON()),
    }) as Server<Extra> // the same, whatever its clients say at the beginning
  }

  /** From its first message to its end. */
  serve(socket: WebSocket, request: IncomingMessage, visit: Visit): void {
    let goodbye: ReturnType<typeof setTimeout> | undefined
    const close = (code: number, reason: string) => {
      socket.close(code, reason)
      // Who does not close their end is not waited for.
      goodbye ??= setTimeout(() => socket.terminate(), GOODBYE_MS).unref()
    }
    const extra: Extra = {
      ...{ request, visit, connection: undefined, isGone: false },
      close: (error) => close(closeCodeOf(error.code), error.code),
    }
    let isAlive = true
    let waiting = 0
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        close: (code, reason) => close(code ?? CloseCode.InternalServerError, reason ?? ''),
        send: async (data) => {
          // What is sent to one who has left is no fault.
          if (socket.readyState !== socket.OPEN) return
          // Who floods us with what is answered at once, and reads none of it, is a slow reader too.
          if (socket.bufferedAmount > SLOW_READER_BYTES || waiting > MOST_WAITING) {
            this.deps.onSlowReader()
            return socket.terminate()
          }
          waiting += 1
          // Resolves when it is with the operating system.
          await new Promise<unknown>((resolve) => socket.send(data, resolve))
          waiting -= 1
        },
        onMessage: (answer) => {
          socket.on('message', (data) => {
            // The rest of what came on a connection that was ended, whether or not its client has closed it.
            if (socket.readyState !== socket.OPEN) return
            answer(String(data)).catch((error: unknown) => {
              logFailure(this.server.deps.logger, 'a GraphQL message', toAppError(error), {})
              close(CloseCode.InternalServerError, 'INTERNAL')
            })
          })
        },
      },
      extra,
    )
    // Every byte counts, whatever frame it is of: before anything is made of it.
    let unsignedBytes = 0
    request.socket.prependListener('data', ({ length }: Buffer) => {
      if (extra.connection) return this.slowDown(socket, extra.connection.userId, length)
      unsignedBytes += length
      if (unsignedBytes > 2 * MOST_UNSIGNED_BYTES) socket.terminate()
      else if (unsignedBytes > MOST_UNSIGNED_BYTES) close(TOO_BIG, 'PAYLOAD_TOO_LARGE')
    })
    answerPings(socket)
    const heartbeat = setInterval(() => {
      if (!isAlive) return socket.terminate()
      isAlive = false
      socket.ping()
    }, PING_MS).unref()
    socket.on('pong', () => {
      isAlive = true
    })
    socket.once('close', (code, reason) => {
      extra.isGone = true
      clearInterval(heartbeat)
      clearTimeout(goodbye)
      void closed(code, String(reason))
      extra.connection?.left()
      if (extra.connection) this.budget.forget(extra.connection.userId)
      visit.leave()
    })
  }

  private async signIn(authorization: unknown, extra: Extra): Promise<boolean> {
    const { visit, close } = extra
    try {
      const user = await requireBearer(this.deps, authorization, '/graphql')
      await visit.signIn(user)
      // Of one that closed meanwhile nobody would hear again.
      if (extra.isGone) return false
      extra.connection = this.server.deps.connections.opened(user, close)
      return true
    } catch (thrown) {
      const error = toAppError(thrown)
      visit.refused(error)
      if (error.code === 'INTERNAL') logFailure(this.server.deps.logger, 'a GraphQL handshake', error, {})
      close(error)
      return false
    }
  }

  private async read(
    payload: {
      query: string
      operationName?: string | null | undefined
      variables?: Record<string, unknown> | null | undefined
    },
    { request, connection }: Extra,
    underWay: number,
  ): Promise<ExecutionArgs | GraphQLError[]> {
    const correlationId = newCorrelationId()
    const refuse = (error: Error) => [this.server.wireErrorOf(error, correlationId)]
    if (!connection) return refuse(new AppError('UNAUTHENTICATED'))
    if (underWay > MOST_OPERATIONS) return refuse(new AppError('OVERLOADED', { message: 'Too much at once.' }))
    const address = remoteAddressOf(request, this.deps.trustedProxyHops)
    const from = { address, origin: request.headers.origin ?? null }
    const { deps } = this.server
    const admitted = await admitOperation(deps.pipeline, {
      correlationId,
      from: () => from,
      authenticate: () => {
        if (deps.inFlight.isDraining) throw new AppError('UNAVAILABLE', { message: 'The server is restarting.' })
        return connection.requireUser()
      },
    })
    if (!admitted.ok) return [new CommandFailed(admitted.error)]
    const asker = { ...from, correlationId, connection, user: () => connection.requireUser() }
    const args = this.server.operations.read(payload, new RequestContext(deps, asker))
    return Array.isArray(args) ? args.flatMap(refuse) : args
  }

  /** Who sends more than their budget is read more slowly. */
  private slowDown(socket: WebSocket, userId: string, bytes: number): void {
    const pauseMs = this.budget.take(userId, bytes)
    if (pauseMs === 0 || socket.isPaused) return
    socket.pause()
    setTimeout(() => socket.resume(), Math.min(pauseMs, LONGEST_PAUSE_MS)).unref()
  }
}

/** One pong at a time, and then one for the last ping that came meanwhile: whoever reads none of them fills nothing. */
function answerPings(socket: WebSocket): void {
  let last: Buffer | undefined
  let isAnswering = false
  const answer = () => {
    isAnswering = last !== undefined && socket.readyState === socket.OPEN
    if (!isAnswering) return
    socket.pong(last, false, answer)
    last = undefined
  }
  socket.on('ping', (data: Buffer) => {
    last = data
    if (!isAnswering) answer()
  })
}

const correlationOf = (context: unknown): string =>
  context instanceof RequestContext ? context.asker.correlationId : newCorrelationId()

/** The protocol's own codes where it has one; clients come back after the others. */
function closeCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'SESSION_EXPIRED':
      return CloseCode.Unauthorized
    case 'FORBIDDEN':
      return CloseCode.Forbidden
    case 'BAD_REQUEST':
      return CloseCode.BadRequest
    case 'UNAVAILABLE':
      return SERVICE_RESTART
    default:
      return TRY_AGAIN_LATER
  }
}
