import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Command } from '@/contracts/command'
import { splitAddress } from '@/contracts/httpRequest'
import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { refuse } from '@/lib/http/refuse'
import { plainAddress } from '@/lib/http/remoteAddress'
import type { CommandUser, Service } from '@/lib/pipeline/caller'
import type { AnyHandler, Handler } from '@/lib/pipeline/handlers'
import { requireAllowedOrigin } from '@/lib/pipeline/origin'
import { type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import type { SessionUser } from '@/services/shared/SessionUser'

export interface ServiceRouteDeps {
  pipeline: PipelineDeps
  allowedOrigins: readonly string[]
  /** Who asks by this request. @throws AppError UNAUTHENTICATED. */
  authenticate: (request: FastifyRequest) => Promise<SessionUser | Service>
}

/** A command's address on port 3001: the same pipeline as everywhere. */
export function registerServiceRoute(
  server: FastifyInstance,
  deps: ServiceRouteDeps,
  command: Command,
  handler: AnyHandler,
): void {
  if (typeof command.http !== 'string') return
  const { method, path } = splitAddress(command.http)
  server.route({ method, url: path, handler: (request, reply) => answer(deps, command, handler, request, reply) })
}

async function answer(
  { pipeline, allowedOrigins, authenticate }: ServiceRouteDeps,
  command: Command,
  handler: AnyHandler,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const result = await runCommand<Command, SessionUser | Service>(pipeline, {
    command,
    transport: 'http',
    correlationId: request.id,
    from: () => ({ address: plainAddress(request.ip), origin: request.headers.origin ?? null }),
    authenticate: async () => {
      // A page of another origin must not write with what it found out.
      const { origin, host } = request.headers
      if (request.method !== 'GET') requireAllowedOrigin(origin, allowedOrigins, host)
      return authenticate(request)
    },
    limitKey: (caller) => ('id' in caller ? caller.id : ''),
    tellLimit: (state) => void reply.headers(Object.fromEntries(rateLimitHeaders(state))),
    // Fastify has refused bodies that are too large already.
    read: async () => ({
      input: { ...asObject(request.query), ...asObject(request.body), ...asObject(request.params) },
      bytes: 0,
    }),
    execute: (input, caller, actor) => {
      // It stands beside this command in its table, where its types were checked.
      const handle = handler as Handler<Command>
      // Who it is depends on the declaration, which was checked before.
      const user = ('id' in caller ? caller : null) as CommandUser<Command>
      return handle({ user, actor, created: () => {} }, input)
    },
  })
  return result.ok ? result.data : refuse(reply, result.error)
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
