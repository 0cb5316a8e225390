import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command, CommandData, CommandParsed } from '@/contracts/command'
import { errorTable } from '@/contracts/errors'
import { requireServiceKey } from '@/lib/auth/serviceKey'
import { newCorrelationId, type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'

export interface ServiceRouteDeps {
  pipeline: PipelineDeps
  serviceKey: string
}

/** One route of port 3001 for other services: the same pipeline, behind the service key. */
export function serviceRoute<C extends Command>(
  deps: ServiceRouteDeps,
  name: string,
  command: C,
  execute: (input: CommandParsed<C>) => Promise<CommandData<C>>,
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const correlationId = newCorrelationId()
    const result = await runCommand(deps.pipeline, {
      name,
      command,
      rules: {},
      transport: 'http',
      correlationId,
      authenticate: async () => {
        requireServiceKey(request.headers.authorization, deps.serviceKey)
        return null
      },
      limitKey: () => 'service',
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
