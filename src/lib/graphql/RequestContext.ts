import { GraphQLError } from 'graphql'
import type { Command, CommandData } from '@/contracts/command'
import { AppError, type WireError } from '@/contracts/errors'
import type { CallOrigin, CommandUser } from '@/lib/pipeline/caller'
import type { AnyHandler, Handler } from '@/lib/pipeline/handlers'
import { type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import type { EventTaps } from '@/lib/sockets/EventTaps'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { Connection } from './Connections'

export interface RequestDeps {
  pipeline: PipelineDeps
  /** What each command does, by name. */
  handlers: Readonly<Record<string, AnyHandler>>
  taps: EventTaps
  /** How often a subscription looks for what no event has told it, in milliseconds. */
  lookAgainMs: () => number
}

/** Who asks, as the connection knows them at this moment. */
export interface Asker extends Pick<CallOrigin, 'address' | 'origin'> {
  user: () => SessionUser
  correlationId: string
  /** Where subscriptions are kept; absent: this request cannot subscribe. */
  connection?: Connection | undefined
}

/** What one operation is carried out with: every field is a command of its own. */
export class RequestContext {
  constructor(
    readonly deps: RequestDeps,
    readonly asker: Asker,
  ) {}

  get user(): SessionUser {
    return this.asker.user()
  }

  /** For what the server does by itself on their behalf: it uses up no limit of theirs. */
  get uncounted(): RequestContext {
    const pipeline = { ...this.deps.pipeline, rateLimit: () => undefined }
    return new RequestContext({ ...this.deps, pipeline }, this.asker)
  }

  /** Through the pipeline, as everywhere. @throws CommandFailed. */
  async run<C extends Command>(command: C, input: unknown): Promise<CommandData<C>> {
    const { correlationId, address, origin } = this.asker
    const reply = await runCommand<C, SessionUser>(this.deps.pipeline, {
      command,
      transport: 'graphql',
      correlationId,
      from: () => ({ address, origin }),
      authenticate: () => this.user,
      limitKey: ({ id }) => id,
      // Of the whole operation that was looked at before.
      read: () => ({ input, bytes: 0 }),
      execute: (parsed, user, actor) => {
        // It is the one of this command's name: its types were checked where its table was written.
        const handle = this.deps.handlers[command.name] as Handler<C> | undefined
        if (!handle) throw new Error(`${command.name} has no handler in this process.`)
        // Nobody else comes in here.
        return handle({ user: user as CommandUser<C>, actor, created: () => {} }, parsed)
      },
    })
    if (!reply.ok) throw new CommandFailed(reply.error)
    return reply.data
  }
}

/** The pipeline's refusal, as GraphQL says it. */
export class CommandFailed extends GraphQLError {
  constructor(readonly wire: WireError) {
    super(wire.message, { extensions: extensionsOf(wire) })
  }
}

/** The wire's error without the sentence, which GraphQL has a place for. */
export const extensionsOf = ({ message: _, ...facts }: WireError): Record<string, unknown> => facts

/** The same as our own error; what was no refusal of the pipeline is passed on. */
export function asAppError(thrown: unknown): unknown {
  if (!(thrown instanceof CommandFailed)) return thrown
  const { code, message, retryAfterMs, issues } = thrown.wire
  return new AppError(code, {
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(issues === undefined ? {} : { issues }),
  })
}
