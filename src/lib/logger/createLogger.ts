import { createLogger as createWinston, format, type Logform, transports } from 'winston'
import type DailyRotateFile from 'winston-daily-rotate-file'
import type { LogFields, Logger } from '@/services/shared/Logger'
import { closeFileTransport, createFileTransport } from './fileTransport'
import { jsonLine, type LogEntry, prettyLine } from './formats'
import { sanitize } from './sanitize'

export interface LoggerOptions {
  /** Which process writes: `web` or `socket`. */
  service: string
  level: 'error' | 'warn' | 'info' | 'debug'
  /** Absolute folder of `application-{date}.log`; undefined: no file. */
  dir: string | undefined
  /** On the console, lines for people instead of JSON. */
  pretty: boolean
}

export interface ClosableLogger extends Logger {
  /** Resolves when what was logged so far is in the file. What comes later is dropped. */
  close(): Promise<void>
}

/** Whether a person reads the console: it is a terminal, or a supervisor that prints to one says so. */
export const isConsoleRead = (env: NodeJS.ProcessEnv, stdout: { isTTY?: boolean }): boolean =>
  stdout.isTTY === true || env.FORCE_COLOR === '1'

/**
 * Logs to the console and, one JSON object a line, to a daily file. Secrets are redacted by the name of their field. A
 * file that cannot be written is given up with one line on the console; logging never throws.
 */
export function createLogger({ service, level, dir, pretty }: LoggerOptions): ClosableLogger {
  let closed = false
  const winston = createWinston({
    level,
    transports: [new transports.Console({ format: asText(service, pretty ? prettyLine : jsonLine) })],
  })
  // A transport's errors are dealt with where it is made; winston repeats them here, where unheard they would be thrown.
  winston.on('error', () => {})

  function write(severity: string, message: string, fields: LogFields = {}): void {
    if (closed || !winston.isLevelEnabled(severity)) return
    winston.log({ level: severity, message, timestamp: new Date().toISOString(), fields: sanitize(fields) })
  }

  let file: DailyRotateFile | undefined
  const giveUpFile = (error: Error): void => {
    if (file) winston.remove(file)
    file = undefined
    write('error', `Log files are off: ${dir} cannot be written.`, { reason: error.message })
  }
  if (dir !== undefined) {
    file = createFileTransport({ service, dir, format: asText(service, jsonLine), onFailure: giveUpFile })
  }
  if (file) winston.add(file)

  const scoped = (scope: string | undefined): Logger => {
    const text = (message: string): string => (scope ? `[${scope}] ${message}` : message)
    return {
      debug: (message, fields) => write('debug', text(message), fields),
      info: (message, fields) => write('info', text(message), fields),
      warn: (message, fields) => write('warn', text(message), fields),
      error: (message, fields) => write('error', text(message), fields),
      scope: (name) => scoped(scope ? `${scope}:${name}` : name),
    }
  }
  return {
    ...scoped(undefined),
    close: async () => {
      closed = true
      if (file) await closeFileTransport(file)
    },
  }
}

const asText = (service: string, print: (entry: LogEntry) => string): Logform.Format =>
  format.printf(({ timestamp, level, message, fields }) =>
    print({
      timestamp: String(timestamp),
      level,
      service,
      message: String(message),
      fields: fields as LogEntry['fields'], // `write` above, the only caller, puts it there
    }),
  )
