import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command, CommandData, CommandParsed } from '@/contracts/command'
import { errorTable } from '@/contracts/errors'
import { requireServiceKey } from '@/lib/auth/serviceKey'
import { newCorrelationId, type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import type { SessionUser } from '@/services/shared/SessionUser'

export interface ServiceRouteDeps {
  pipeline: PipelineDeps
  serviceKey: string
}

/** Who asks by this request; null: a service. Rejects with UNAUTHENTICATED or FORBIDDEN. */
export type AuthenticateRequest = (request: FastifyRequest) => Promise<SessionUser | null>

/** One route of port 3001 for other services: the same pipeline, behind the service key unless `authenticate` says else. */
export function serviceRoute<C extends Command>(
  deps: ServiceRouteDeps,
  name: string,
  command: C,
  execute: (input: CommandParsed<C>, user: SessionUser | null) => Promise<CommandData<C>>,
  authenticate: AuthenticateRequest = async ({ headers }) => {
    requireServiceKey(headers.authorization, deps.serviceKey)
    return null
  },
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const correlationId = newCorrelationId()
    const result = await runCommand<C, SessionUser | null>(deps.pipeline, {
      name,
      command,
      rules: {},
      transport: 'http',
      correlationId,
      authenticate: () => authenticate(request),
      limitKey: (user) => user?.id ?? 'service',
      // Fastify has refused bodies that are too large already.
      read: async () => ({
        input: { ...asObject(request.query), ...asObject(request.params), ...asObject(request.body) },
        bytes: 0,
      }),
      execute,
    })
    void reply.header('X-Correlation-Id', correlationId)
    if (result.ok) return result.data
    return reply.status(errorTable[result.error.code].status).send({ error: result.error })
  }
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
