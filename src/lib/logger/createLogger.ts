import { createLogger as createWinston, format, type Logform, transports } from 'winston'
import type DailyRotateFile from 'winston-daily-rotate-file'
import type { LogFields, Logger } from '@/services/shared/Logger'
import { correlation } from './correlation'
import { closeFileTransport, createFileTransport } from './fileTransport'
import { jsonLine, type LogEntry, prettyLine } from './formats'
import { RepeatedLines } from './RepeatedLines'
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
  /** Lines that did not reach the file although there should be one. */
  readonly failures: number
}

/** Whether a person reads the console: it is a terminal, or a supervisor that prints to one says so. */
export const isConsoleRead = (env: NodeJS.ProcessEnv, stdout: { isTTY?: boolean }): boolean =>
  stdout.isTTY === true || env.FORCE_COLOR === '1'

/**
 * Logs to the console and, one JSON object a line, to a daily file. Secrets are redacted by the name of their field. A
 * file that cannot be written is given up with one line on the console; logging never throws. A warning or error that
 * repeats more often than anybody reads is counted instead.
 */
export function createLogger({ service, level, dir, pretty }: LoggerOptions): ClosableLogger {
  let closed = false
  let failures = 0
  const winston = createWinston({
    level,
    transports: [new transports.Console({ format: asText(service, pretty ? prettyLine : jsonLine) })],
  })
  // A transport's errors are dealt with where it is made; winston repeats them here, where unheard they would be thrown.
  winston.on('error', () => {})

  let file: DailyRotateFile | undefined
  function write(severity: string, message: string, fields?: LogFields): void {
    if (closed || !winston.isLevelEnabled(severity)) return
    if (dir !== undefined && !file) failures += 1
    const isFailure = severity === 'warn' || severity === 'error'
    if (!isFailure || repeated.admits(message)) print(severity, message, fields)
  }
  const repeated = new RepeatedLines((line, times) => print('warn', `${line} (left out)`, { times }))

  function print(severity: string, message: string, fields: LogFields = {}): void {
    const correlationId = correlation.getStore()
    const known = correlationId === undefined ? fields : { correlationId, ...fields }
    winston.log({ level: severity, message, timestamp: new Date().toISOString(), fields: sanitize(known) })
  }

  const giveUpFile = (error: Error): void => {
    if (file) winston.remove(file)
    file = undefined
    // The line that could not be written; those after it are counted as they come.
    failures += 1
    print('error', `Log files are off: ${dir} cannot be written.`, { reason: error.message })
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
      isDebugging: winston.isLevelEnabled('debug'),
      scope: (name) => scoped(scope ? `${scope}:${name}` : name),
    }
  }
  return {
    ...scoped(undefined),
    get failures() {
      return failures
    },
    close: async () => {
      repeated.end()
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
