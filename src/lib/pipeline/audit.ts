import type { Command } from '@/contracts/command'
import type { Logger } from '@/services/shared/Logger'

/** Keeps who did it when, of commands that ask for it; refused attempts too. Never inputs: they hold what people wrote. */
export function audit(
  logger: Logger,
  command: Command,
  by: string,
  facts: { outcome: string; correlationId: string; transport: string },
): void {
  if (!command.audit) return
  logger.scope('Audit').info(`${command.name} ${facts.outcome}`, { command: command.name, by, ...facts })
}
