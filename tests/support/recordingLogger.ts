import type { Logger } from '@/services/shared/Logger'

/** A logger that keeps what it is told: `level message`, and in `scoped` the same as it is printed, with its scope. */
export function recordingLogger(): { logger: Logger; lines: string[]; scoped: string[] } {
  const lines: string[] = []
  const scoped: string[] = []
  const loggerOf = (scope: string): Logger => {
    const say = (level: string) => (message: string) => {
      lines.push(`${level} ${message}`)
      scoped.push(`${level} [${scope}] ${message}`)
    }
    return {
      debug: () => {},
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      scope: (name) => loggerOf(scope ? `${scope}:${name}` : name),
    }
  }
  return { logger: loggerOf(''), lines, scoped }
}
