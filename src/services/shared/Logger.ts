/** Facts beside a log line. Never tokens, cookies or message text. */
export type LogFields = Record<string, unknown>

/** What services and sockets need of a logger; `src/lib/logger` makes one with winston. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose lines carry this scope, printed as `[Socket:Chat]`. */
  scope(name: string): Logger
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  scope: () => silentLogger,
}
