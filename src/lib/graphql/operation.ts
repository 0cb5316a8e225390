import * as z from 'zod/mini'
import { command, commandTable } from '@/contracts/command'
import type { Reply } from '@/contracts/errors'
import { type CommandCall, type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import type { SessionUser } from '@/services/shared/SessionUser'

/** An operation as a whole, before anything is read of it: who asks, and how often. It has no address of its own. */
const { graphql } = commandTable(null, {
  graphql: command({
    input: z.undefined(),
    data: z.custom<SessionUser>(),
    http: { socketOnly: 'Its address takes documents.' },
    permission: 'session',
    limit: 'graphql',
  }),
})

type Call = CommandCall<typeof graphql, SessionUser>

/** Counts an operation, through the pipeline as any command. */
export const admitOperation = (
  pipeline: PipelineDeps,
  call: Pick<Call, 'correlationId' | 'from' | 'authenticate' | 'tellLimit'>,
): Promise<Reply<SessionUser>> =>
  runCommand(pipeline, {
    ...call,
    command: graphql,
    transport: 'graphql',
    limitKey: ({ id }) => id,
    read: () => ({ input: undefined, bytes: 0 }),
    execute: async (_, user) => user,
  })
