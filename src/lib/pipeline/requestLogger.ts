import type { Logger } from '@/services/shared/Logger'

export interface RequestFacts {
  correlationId: string
  transport: 'socket' | 'http'
  command: string
}

/** Starts the clock of one command; the returned function logs how it ended. Never logs inputs: they hold what people wrote. */
export function startRequestLog(
  logger: Logger,
  facts: RequestFacts,
): (outcome: string, userId: string | undefined) => void {
  const started = performance.now()
  return (outcome, userId) => {
    const durationMs = Math.round((performance.now() - started) * 10) / 10
    logger.debug(`${facts.command} ${outcome}`, { ...facts, userId, outcome, durationMs })
  }
}

/** The room an input names, for the log; whatever the client sent, it is no longer than an id. */
export function roomIdOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('roomId' in input)) return undefined
  return typeof input.roomId === 'string' ? input.roomId.slice(0, 64) : undefined
}
