import type { Logger } from '@/services/shared/Logger'

export interface RequestFacts {
  correlationId: string
  transport: 'socket' | 'http'
  command: string
  userId?: string | undefined
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
