import * as z from 'zod/mini'
import { errorTable, WireError } from '@/contracts/errors'
import { hasBody } from '@/contracts/httpRequest'

/** What a refusal is over HTTP. */
export const Failure = z.object({ error: WireError })

const statuses = [...new Set(Object.values(errorTable).map(({ status }) => status))].sort()

const codesOf = (wanted: number): string[] =>
  Object.entries(errorTable).flatMap(([code, { status }]) => (status === wanted ? [code] : []))

/** One answer for each status of the table, as components of the document. */
export const refused = Object.fromEntries(
  statuses.map((status) => [
    `Refused${status}`,
    {
      description: codesOf(status).join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
    },
  ]),
)

/**
 * Any command may be refused with any code: who signs in is told UNAUTHENTICATED, a site of somebody else's FORBIDDEN, a
 * service RATE_LIMITED. Only what has no body is never too large.
 */
export function refusalsOf(method: string): Record<string, { $ref: string }> {
  const possible = statuses.filter((status) => status !== errorTable.PAYLOAD_TOO_LARGE.status || hasBody(method))
  return Object.fromEntries(possible.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]))
}
