import type { Namespace } from '@/contracts/auth'
import type { Command, CommandData, CommandParsed, CommandTable } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import type { AnySocket } from '@/lib/sockets/core/sockets'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { InFlight } from './InFlight'
import { tellSocket } from './rateLimit'
import { type CommandRules, newCorrelationId, type PipelineDeps, runCommand } from './runCommand'

export type EventHandlerDeps = PipelineDeps & { inFlight: InFlight; namespace: Namespace }

export interface EventContext<S extends AnySocket> {
  socket: S
  user: SessionUser
}

/** One row of a handler table. */
export interface EventHandler<C extends Command, S extends AnySocket> extends CommandRules {
  command: C
  handle(context: EventContext<S>, input: CommandParsed<C>): Promise<CommandData<C>>
}

/** A namespace's handlers: exactly the commands of its contract. */
export type HandlerTable<T extends CommandTable, S extends AnySocket> = { [K in keyof T]: EventHandler<T[K], S> }

/** Writes a row: `sendMessage: on(chatCommands.sendMessage, { limit: 'chat-messages' }, …)`. */
export const on = <C extends Command, S extends AnySocket>(
  command: C,
  rules: CommandRules,
  handle: (context: EventContext<S>, input: CommandParsed<C>) => Promise<CommandData<C>>,
): EventHandler<C, S> => ({ command, ...rules, handle })

/**
 * The listener of one event: takes `(input?, acknowledge?)`, runs the pipeline and acknowledges with a Reply. Without an
 * acknowledgement an error arrives as the event `commandError`.
 */
export function createEventHandler<C extends Command, S extends AnySocket>(
  deps: EventHandlerDeps,
  name: string,
  handler: EventHandler<C, S>,
  socket: S,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const last = args.at(-1)
    const acknowledge = typeof last === 'function' ? last : undefined
    const [payload] = acknowledge ? args.slice(0, -1) : args
    const { user } = socket.data
    const reply = await deps.inFlight.run(() =>
      runCommand(deps, {
        name,
        command: handler.command,
        rules: handler,
        transport: 'socket',
        namespace: deps.namespace,
        correlationId: newCorrelationId(),
        authenticate: async () => {
          // Whatever comes while the server stops is repeated by the client, on another connection.
          if (deps.inFlight.isDraining) throw new AppError('UNAVAILABLE', { message: 'The server is restarting.' })
          return user
        },
        limitKey: () => user.id,
        tellLimit: (state) => tellSocket(socket, state),
        read: async () => ({ input: payload ?? undefined, bytes: byteLength(payload) }),
        execute: (input) => handler.handle({ socket, user }, input),
      }),
    )
    if (acknowledge) acknowledge(reply)
    else if (!reply.ok) socket.emit('commandError', reply.error)
  }
}

/** The payload's size as JSON, which is how it travelled. */
function byteLength(payload: unknown): number {
  return Buffer.byteLength(JSON.stringify(payload) ?? '')
}

/** Registers every row of the table; to be called before any `await`, or early commands would be lost. */
export function registerHandlers<S extends AnySocket>(
  deps: EventHandlerDeps,
  socket: S,
  handlers: Record<string, EventHandler<Command, S>>,
): void {
  for (const [name, handler] of Object.entries(handlers)) {
    socket.on(name, createEventHandler(deps, name, handler, socket))
  }
}
