import type { Command } from '@/contracts/command'
import type { ErrorCode } from '@/contracts/errors'
import type { Actor, NoteAudit } from '@/services/audit/ports'

/** Keeps who did what when, of commands that ask for it; refused attempts too. Never inputs: they hold what people wrote. */
export function audit(note: NoteAudit | undefined, command: Command, actor: Actor, outcome: ErrorCode | 'ok'): void {
  if (!command.audit || (outcome === 'ok' && command.audit === 'in transaction')) return
  note?.(actor, { action: command.name, outcome })
}
