/** Names of fields whose values never reach a log. */
const secretName = /token|password|cookie|authorization|secret|servicekey/i
/** The password in an address like postgresql://user:password@host. */
const passwordInUrl = /(\w:\/\/[^\s:@/]*:)[^\s@/]+@/g
const MAX_DEPTH = 6

const hidePasswords = (text: string): string => text.replace(passwordInUrl, '$1***@')

/** Makes any value safe and possible to write as JSON: secrets redacted, errors spelled out, cycles and depth cut. */
export function sanitize(value: unknown, above: readonly object[] = []): unknown {
  if (typeof value === 'string') return hidePasswords(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
  if (above.includes(value)) return '[circular]'
  if (above.length >= MAX_DEPTH) return '[deeper]'
  const inside = [...above, value]
  if (value instanceof Error) return sanitizeError(value, inside)
  if (value instanceof Map) return sanitizeEntries(value.entries(), inside)
  if (Array.isArray(value) || value instanceof Set) return [...value].map((entry) => sanitize(entry, inside))
  return sanitizeEntries(Object.entries(value), inside)
}

function sanitizeEntries(entries: Iterable<[unknown, unknown]>, inside: readonly object[]): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [key, value] of entries) {
    const name = String(key)
    clean[name] = secretName.test(name) && value !== undefined ? '[redacted]' : sanitize(value, inside)
  }
  return clean
}

function sanitizeError(error: Error, inside: readonly object[]): Record<string, unknown> {
  return {
    name: error.name,
    message: hidePasswords(error.message),
    ...('code' in error && { code: sanitize(error.code, inside) }),
    ...(error.stack && { stack: hidePasswords(error.stack) }),
    ...(error.cause !== undefined && { cause: sanitize(error.cause, inside) }),
  }
}
