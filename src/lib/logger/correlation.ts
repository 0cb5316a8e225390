import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/**
 * The id of the command that is being carried out: every line logged meanwhile, by service, bus or database layer,
 * carries it as `correlationId`, and so does the error its caller gets.
 */
export const correlation = new AsyncLocalStorage<string>()

/** The header that HTTP takes and gives it by. */
export const CORRELATION_HEADER = 'X-Correlation-Id'

/** A caller's own id is taken over when it is as plain as ours. */
const PLAIN = /^[\w.:-]{1,64}$/

export const newCorrelationId = (): string => randomUUID()

/** What a request calls itself, or a new name for it. */
export const correlationIdOf = (given: string | null | undefined): string =>
  given && PLAIN.test(given) ? given : newCorrelationId()
