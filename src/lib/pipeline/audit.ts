import type { Command } from '@/contracts/command'
import type { ErrorCode } from '@/contracts/errors'
import { Id } from '@/contracts/primitives'
import type { Actor, NoteAudit } from '@/services/audit/ports'

/**
 * Keeps who did what when, of commands that ask for it; refused attempts too. Of inputs, which hold what people wrote, only
 * the id that the command's address names is kept.
 */
export function audit(
  note: NoteAudit | undefined,
  command: Command,
  actor: Actor,
  outcome: ErrorCode | 'ok',
  input?: unknown,
): void {
  if (!command.audit || (outcome === 'ok' && command.audit === 'in transaction')) return
  const target = targetOf(command, input)
  note?.(actor, { action: command.name, outcome, ...(target === undefined ? {} : { target }) })
}

/**
 * `:id` of `POST /admin/disconnect/:id`, as the input has it, if it is one: the input may not have been parsed, and what
 * PostgreSQL cannot hold (U+0000) would keep every entry behind it from being written.
 */
function targetOf({ http }: Command, input: unknown): string | undefined {
  const [, name] = /:(\w+)/.exec(typeof http === 'string' ? http : '') ?? []
  if (name === undefined || typeof input !== 'object' || input === null) return undefined
  return Id.safeParse(Reflect.get(input, name)).data
}
