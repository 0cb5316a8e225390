import type { LogFields, Logger } from '@/services/shared/Logger'

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error'
  /** `Socket:Chat`; empty at the root. */
  scope: string
  message: string
  fields: LogFields | undefined
}

/** A logger that keeps what it is told: everything, and as lines `level message` what is more than for debugging. */
export function recordingLogger(): { logger: Logger; entries: LogEntry[]; lines: string[] } {
  const entries: LogEntry[] = []
  const lines: string[] = []
  const loggerOf = (scope: string): Logger => {
    const say =
      (level: LogEntry['level']) =>
      (message: string, fields?: LogFields): void => {
        entries.push({ level, scope, message, fields })
        if (level !== 'debug') lines.push(`${level} ${message}`)
      }
    return {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      isDebugging: true,
      scope: (name) => loggerOf(scope === '' ? name : `${scope}:${name}`),
    }
  }
  return { logger: loggerOf(''), entries, lines }
}
