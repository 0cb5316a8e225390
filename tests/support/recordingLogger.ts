import type { Logger } from '@/services/shared/Logger'

/** A logger that keeps what it is told: `level message`. */
export function recordingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = []
  const say = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const logger: Logger = {
    debug: () => {},
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    scope: () => logger,
  }
  return { logger, lines }
}
