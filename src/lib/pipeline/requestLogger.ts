import type { Logger } from '@/services/shared/Logger'
import type { Transport } from './caller'

export interface RequestFacts {
  correlationId: string
  transport: Transport
  command: string
  userId: string | undefined
  outcome: string
  durationMs: number
}

/** Logs how a command ended. Never logs inputs: they hold what people wrote. */
export function logRequest(logger: Logger, facts: RequestFacts): void {
  const durationMs = Math.round(facts.durationMs * 10) / 10
  logger.debug(`${facts.command} ${facts.outcome}`, { ...facts, durationMs })
}

/** The room an input names, for the log; whatever the client sent, it is no longer than an id. */
export function roomIdOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('roomId' in input)) return undefined
  return typeof input.roomId === 'string' ? input.roomId.slice(0, 64) : undefined
}
