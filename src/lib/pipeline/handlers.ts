import type { Command, CommandData, CommandParsed, CommandTable } from '@/contracts/command'
import type { Actor } from '@/services/audit/ports'
import type { CommandUser } from './caller'

/** What a handler knows of a call, whichever transport it came by. */
export interface CallContext<C extends Command> {
  user: CommandUser<C>
  /** Who it is and from where, for the audit log. */
  actor: Actor
  /** Says that something was made by this call; HTTP answers 201 then. */
  created: () => void
}

/** What a command does: a call of a service. `Context` is what one transport adds. */
export type Handler<C extends Command, Context = unknown> = (
  context: CallContext<C> & Context,
  input: CommandParsed<C>,
) => Promise<CommandData<C>>

/** One handler for each command of a table. */
export type HandlerTable<T extends CommandTable, Context = unknown> = { [K in keyof T]: Handler<T[K], Context> }

/** Any command's handler, in a table whose rows are found by name. */
export type AnyHandler = (context: never, input: never) => Promise<unknown>
