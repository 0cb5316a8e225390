import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  type GraphQLError,
  getOperationAST,
  subscribe,
} from 'graphql'
import { createHandler, type OperationArgs, parseRequestParams } from 'graphql-http'
import { AppError } from '@/contracts/errors'
import { preferredType } from '@/lib/http/preferredType'
import { refuse } from '@/lib/http/refuse'
import { plainAddress } from '@/lib/http/remoteAddress'
import { toAppError } from '@/lib/pipeline/errorHandler'
import type { InFlight } from '@/lib/pipeline/InFlight'
import type { FrontDoor, Visit } from '@/lib/sockets/frontDoor/FrontDoor'
import type { Logger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { Connection, Connections } from './Connections'
import { EventStream } from './EventStream'
import { wireErrorOf } from './errors'
import { Operations } from './Operations'
import { type Asker, RequestContext, type RequestDeps } from './RequestContext'
import { refusalBody } from './refusalBody'
import { createSchema } from './schema/createSchema'

export interface GraphqlServerDeps extends RequestDeps {
  isStrict: boolean
  connections: Connections
  frontDoor: FrontDoor
  inFlight: InFlight
  logger: Logger
}

/** What is said of a result. */
interface Said {
  data?: FormattedExecutionResult['data']
  errors?: readonly GraphQLError[] | undefined
}

/** How long a stream that has ended may take to be read to its end, in milliseconds. */
const GOODBYE_MS = 2_000

/** What of GraphQL is loaded with the first request: the schema, and both ways of HTTP. */
export class GraphqlServer {
  readonly operations: Operations

  constructor(readonly deps: GraphqlServerDeps) {
    this.operations = new Operations(createSchema(), deps.isStrict)
  }

  /** A POST of somebody who may ask: one answer, or where the client takes events a stream of them. */
  async answer(request: FastifyRequest, reply: FastifyReply, user: SessionUser): Promise<unknown> {
    if (wantsStream(request.headers.accept)) return this.stream(request, reply, user)
    const asker = askerOf(request, () => user)
    const handle = createHandler({
      onSubscribe: (_request, params) =>
        // Its type has contexts be plain records.
        this.operations.read(params, new RequestContext(this.deps, asker)) as OperationArgs<undefined> | GraphQLError[],
      execute: (args: ExecutionArgs) => this.execute(args),
      formatError: (error) => this.wireErrorOf(error, asker.correlationId),
    })
    const [answer, { status, headers: answered = {} }] = await handle(graphqlRequest(request))
    return reply
      .status(status)
      .headers(answered)
      .send(answer ?? undefined)
  }

  wireErrorOf(error: Error, correlationId: string): GraphQLError {
    return wireErrorOf(error, correlationId, this.deps.logger)
  }

  /** A result as it is written. */
  said({ data, errors }: Said, correlationId: string): FormattedExecutionResult {
    return {
      ...(errors && { errors: errors.map((error) => this.wireErrorOf(error, correlationId).toJSON()) }),
      ...(data !== undefined && { data }),
    }
  }

  /** A query or mutation; the process does not stop before it has ended. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    this.deps.inFlight.begin()
    try {
      return await execute(args)
    } finally {
      this.deps.inFlight.end()
    }
  }

  private async stream(request: FastifyRequest, reply: FastifyReply, user: SessionUser): Promise<unknown> {
    const { frontDoor, connections } = this.deps
    const visit = frontDoor.visit(request.raw)
    let connection: Connection | undefined
    try {
      connection = connections.opened(user, () => setTimeout(() => reply.raw.destroy(), GOODBYE_MS).unref())
      await this.signIn(visit, user)
      const asker = { ...askerOf(request, connection.requireUser.bind(connection)), connection }
      const args = await this.read(request, asker)
      if (Array.isArray(args)) {
        await this.writeAll(reply, [{ errors: args }], asker)
        return
      }
      const isSubscription = getOperationAST(args.document, args.operationName)?.operation === 'subscription'
      const results = isSubscription ? await subscribe(args) : await this.execute(args)
      await this.writeAll(reply, Symbol.asyncIterator in results ? results : [results], asker)
    } catch (thrown) {
      if (reply.sent) throw thrown
      const wire = toAppError(thrown).toWire(request.id)
      return refuse(reply, wire, refusalBody(wire))
    } finally {
      connection?.left()
      visit.leave()
    }
  }

  /** Counted for the address where it is refused: what is wrong with a document is no handshake's fault. */
  private async signIn(visit: Visit, user: SessionUser): Promise<void> {
    try {
      await visit.signIn(user)
    } catch (error) {
      visit.refused(toAppError(error))
      throw error
    }
  }

  private async read(request: FastifyRequest, asker: Asker): Promise<ExecutionArgs | GraphQLError[]> {
    try {
      const params = await parseRequestParams(graphqlRequest(request))
      if ('query' in params) return this.operations.read(params, new RequestContext(this.deps, asker))
    } catch (error) {
      throw new AppError('BAD_REQUEST', { message: error instanceof Error ? error.message : String(error) })
    }
    throw new AppError('BAD_REQUEST')
  }

  private async writeAll(
    reply: FastifyReply,
    results: Iterable<ExecutionResult> | AsyncGenerator<ExecutionResult, void, void>,
    { correlationId }: Asker,
  ): Promise<void> {
    reply.hijack()
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
    const stream = new EventStream(reply.raw, headers, () => {
      if ('return' in results) void results.return()
    })
    try {
      for await (const result of results) await stream.next(this.said(result, correlationId))
    } catch (error) {
      // What a subscription ends with.
      const said = this.wireErrorOf(error instanceof Error ? error : new Error(String(error)), correlationId)
      await stream.next({ errors: [said.toJSON()] })
    }
    stream.complete()
  }
}

/** Clients that could read a stream name it behind JSON, and are given that. */
const wantsStream = (accept: string | undefined): boolean =>
  preferredType(accept, ['application/json', 'application/graphql-response+json', 'text/event-stream']) ===
  'text/event-stream'

const graphqlRequest = ({ url, method, headers, raw, body }: FastifyRequest) => ({
  ...{ url, method, headers, raw, context: undefined },
  // Fastify has parsed it.
  body: body as Record<string, unknown>,
})

const askerOf = (request: FastifyRequest, user: () => SessionUser): Asker => ({
  user,
  correlationId: request.id,
  address: plainAddress(request.ip),
  origin: request.headers.origin ?? null,
})
