import type { Command, CommandData, CommandParsed, CommandTable } from '@/contracts/command'
import { AppError, type WireError } from '@/contracts/errors'
import type { PermissionsUpdated } from '@/contracts/events'
import { newCorrelationId } from '@/lib/logger/correlation'
import type { Actor } from '@/services/audit/ports'
import type { CallOrigin, CommandUser } from './caller'
import type { Handler } from './handlers'
import type { InFlight } from './InFlight'
import { requireAccess } from './permissions'
import { type LimitedSocket, type RateLimitPayload, tellSocket } from './rateLimit'
import { type PipelineDeps, runCommand } from './runCommand'

export type EventHandlerDeps<S> = PipelineDeps & {
  inFlight: InFlight
  /** Absent: commands never wait for a place. */
  places?: Places<S> | undefined
}

/** `enter` answers nothing, or what resolves with a place and whether it is still in time. */
export interface Places<S> {
  enter(socket: S): Promise<boolean> | undefined
  leave(): void
}

/** A socket as far as the pipeline needs it. */
export interface CommandSocket<User> extends LimitedSocket {
  data: {
    user: User
    from: Pick<CallOrigin, 'address' | 'origin'>
  }
  connected: boolean
  emit(event: 'commandError', error: WireError): unknown
  emit(event: 'permissionsUpdated', payload: PermissionsUpdated): unknown
  emit(event: 'rateLimitWarning', payload: RateLimitPayload<'rateLimitWarning'>): unknown
  emit(event: 'rateLimitExceeded', payload: RateLimitPayload<'rateLimitExceeded'>): unknown
}

export interface SocketContext<C extends Command, S> {
  socket: S
  user: CommandUser<C>
  /** Whether the handler said that something was made. */
  wasCreated: () => boolean
}

/**
 * One row of a namespace's table: the handler, which HTTP calls as well where the command has an address there, and what
 * only a socket does around it (join, leave, tell the asker first).
 */
export type SocketRow<C extends Command, S> =
  | Handler<C>
  | {
      handle: Handler<C>
      onSocket: (
        context: SocketContext<C, S>,
        input: CommandParsed<C>,
        handle: () => Promise<CommandData<C>>,
      ) => Promise<CommandData<C>>
    }
  /** A command that sockets alone have. */
  | { socketOnly: (context: SocketContext<C, S>, input: CommandParsed<C>) => Promise<CommandData<C>> }

/** A namespace's handlers: exactly the commands of its contract. */
export type SocketTable<T extends CommandTable, S> = { [K in keyof T]: SocketRow<T[K], S> }

/**
 * What answers one event of any socket: takes what came with it, `(input?, acknowledge?)`, runs the pipeline and acknowledges
 * with a Reply. Without an acknowledgement an error arrives as the event `commandError`.
 */
export function createEventHandler<C extends Command, S extends CommandSocket<CommandUser<C>>>(
  deps: EventHandlerDeps<S>,
  command: C,
  row: SocketRow<C, S>,
): (socket: S, args: readonly unknown[]) => Promise<void> {
  return async (socket, args) => {
    const last = args.at(-1)
    const acknowledge = typeof last === 'function' ? last : undefined
    const [payload] = acknowledge ? args.slice(0, -1) : args
    // What was asked before the server began to stop is carried out, also when it has to wait for its turn.
    const cameTooLate = deps.inFlight.isDraining
    deps.inFlight.begin()
    const waiting = deps.places?.enter(socket)
    const isInTime = waiting ? await waiting : true
    try {
      const reply = await runCommand(deps, {
        command,
        transport: 'socket',
        correlationId: newCorrelationId(),
        from: () => socket.data.from,
        authenticate: () => {
          // It is repeated by the client, on another connection.
          if (cameTooLate) throw new AppError('UNAVAILABLE', { message: 'The server is restarting.' })
          if (!isInTime) throw new AppError('OVERLOADED')
          return socket.data.user
        },
        limitKey: (user) => user?.id ?? '',
        tellLimit: (state) => tellSocket(socket, state),
        read: () => ({ input: payload ?? undefined, bytes: byteLength(payload) }),
        execute: (input, _caller, actor) => {
          if (command.takesTurns) requireStillThere(socket, command)
          return execute(row, socket, input, actor)
        },
      })
      if (acknowledge) acknowledge(reply)
      else if (!reply.ok) socket.emit('commandError', reply.error)
    } finally {
      deps.places?.leave()
      deps.inFlight.end()
    }
  }
}

function execute<C extends Command, S extends CommandSocket<CommandUser<C>>>(
  row: SocketRow<C, S>,
  socket: S,
  input: CommandParsed<C>,
  actor: Actor,
): Promise<CommandData<C>> {
  const { user } = socket.data
  let made = false
  const context = {
    user,
    actor,
    created: () => {
      made = true
    },
  }
  if (typeof row === 'function') return row(context, input)
  const socketContext = { socket, user, wasCreated: () => made }
  if ('socketOnly' in row) return row.socketOnly(socketContext, input)
  return row.onSocket(socketContext, input, () => row.handle(context, input))
}

/** A turn may come seconds after it was asked for: nothing is read for who left, or may not do it any more, meanwhile. */
function requireStillThere<C extends Command>(socket: CommandSocket<CommandUser<C>>, { permission }: C): void {
  if (!socket.connected) throw new AppError('UNAUTHENTICATED', { message: 'This connection was closed.' })
  requireAccess(socket.data.user, permission)
}

/** The payload's size as JSON, which is how it travelled. */
function byteLength(payload: unknown): number {
  return Buffer.byteLength(JSON.stringify(payload) ?? '')
}
