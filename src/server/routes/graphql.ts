import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '@/contracts/errors'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import type { GraphqlServer } from '@/lib/graphql/GraphqlServer'
import { admitOperation } from '@/lib/graphql/operation'
import { refusalBody } from '@/lib/graphql/refusalBody'
import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { refuse } from '@/lib/http/refuse'
import { plainAddress } from '@/lib/http/remoteAddress'
import { CORRELATION_HEADER } from '@/lib/logger/correlation'
import { requireBearer } from '@/lib/pipeline/auth'
import { isAllowedOrigin, requireAllowedOrigin } from '@/lib/pipeline/origin'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { SessionReader } from '@/services/users/ports'

export interface GraphqlRouteDeps {
  pipeline: PipelineDeps
  tokens: SessionTokens
  sessions: SessionReader
  allowedOrigins: readonly string[]
  /** Starting or draining. */
  isClosed: () => boolean
  /** Loads the server with the first request. */
  load: () => Promise<GraphqlServer>
}

/** `POST /graphql`, for the bearers of a token for it; pages of allowed origins may read the answers. */
export function registerGraphqlRoute(server: FastifyInstance, deps: GraphqlRouteDeps): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url === '/graphql') letPagesRead(deps.allowedOrigins, request, reply)
  })
  server.options('/graphql', (_request, reply) =>
    reply
      .headers({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': `Authorization, Content-Type, ${CORRELATION_HEADER}`,
        'Access-Control-Max-Age': '600',
      })
      .status(204)
      .send(),
  )
  server.post('/graphql', async (request, reply) => {
    const admitted = await admitOperation(deps.pipeline, {
      correlationId: request.id,
      from: () => ({ address: plainAddress(request.ip), origin: request.headers.origin ?? null }),
      authenticate: async () => {
        if (deps.isClosed()) throw new AppError('UNAVAILABLE', { message: 'The server is restarting.' })
        const { origin, host, authorization } = request.headers
        requireAllowedOrigin(origin, deps.allowedOrigins, host)
        return requireBearer(deps, authorization, '/graphql')
      },
      tellLimit: (state) => void reply.headers(Object.fromEntries(rateLimitHeaders(state))),
    })
    if (admitted.ok) return (await deps.load()).answer(request, reply, admitted.data)
    return refuse(reply, admitted.error, refusalBody(admitted.error))
  })
}

/** No cookie counts here, so that an answer tells a page nothing it has no token for. */
function letPagesRead(allowed: readonly string[], { headers }: FastifyRequest, reply: FastifyReply): void {
  const { origin, host } = headers
  void reply.header('Vary', 'Origin')
  if (origin !== undefined && isAllowedOrigin(origin, allowed, host)) {
    void reply.headers({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': `${CORRELATION_HEADER}, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset`,
    })
  }
}
