import { AppError } from '@/contracts/errors'

/** Classes and codes of SQLSTATE that say "not now": connection, resources, shutdown, lock or statement timeout. */
const UNAVAILABLE_STATES = /^(08|53|57P|58)|^(55P03|57014|25P03|25006)$/
/** Prisma's and Node's own words for a database that did not answer. */
const UNAVAILABLE_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'],
])
const UNAVAILABLE_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'])
/** pg says these without a code. */
const UNAVAILABLE_MESSAGES =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|Cannot use a pool after calling end/

/** The error, its causes, and where Prisma's adapter hides the driver's own answer. */
function* chain(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 6) return
  yield error
  for (const key of ['cause', 'meta', 'driverAdapterError'] as const) {
    if (key in error) yield* chain(Reflect.get(error, key), depth + 1)
  }
}

const property = (error: object, key: string): string | undefined => {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : undefined
}

/** PostgreSQL's five-character code, wherever the layers above put it. */
export function sqlState(error: unknown): string | undefined {
  for (const link of chain(error)) {
    const original = property(link, 'originalCode') ?? property(link, 'code')
    // Prisma's own codes (P2010) and Node's (EPIPE) look alike; PostgreSQL's hold a digit, and its P-class is P0 only.
    if (original && /^(?=.*\d)[0-9A-Z]{5}$/.test(original) && !/^P[1-9]/.test(original)) return original
  }
  return undefined
}

/** Whether the database did not answer, or asked us to come back: the same again may work. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error)
  if (state) return UNAVAILABLE_STATES.test(state)
  for (const link of chain(error)) {
    const code = property(link, 'code')
    const kind = property(link, 'kind')
    if ((code && UNAVAILABLE_CODES.has(code)) || (kind && UNAVAILABLE_KINDS.has(kind))) return true
    if (UNAVAILABLE_MESSAGES.test(property(link, 'message') ?? '')) return true
  }
  return false
}

/** What callers see of a database failure: UNAVAILABLE when trying again can help, else the error as it was. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError || !isUnavailable(error)) return error
  return new AppError('UNAVAILABLE', { cause: error, retryAfterMs: 1_000 })
}

/** Whether the database itself refused: nothing of the transaction is stored. Otherwise it may be. */
export function wasRolledBack(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && !/^(08|57P)/.test(state)
}

/** Whether a row with the same key was there before; Prisma says so in its own words. */
export const isUniqueViolation = (error: unknown): boolean =>
  sqlState(error) === '23505' ||
  (typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002')
