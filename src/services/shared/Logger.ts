/** Facts beside a log line. Never tokens, cookies or message text. */
export type LogFields = Record<string, unknown>

/** What services and sockets need of a logger; `src/lib/logger` makes one with winston. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** Whether `debug` is written at all: who would have to gather much for it looks first. */
  readonly isDebugging: boolean
  /** A logger whose lines carry this scope, printed as `[Socket:Chat]`. */
  scope(name: string): Logger
}

/** Logs nowhere. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  isDebugging: false,
  scope: () => silentLogger,
}
