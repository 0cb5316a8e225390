import type * as z from 'zod/mini'
import { WireError } from '@/contracts/errors'
import { errorFromWire, NetworkError } from '../runtime/errors'

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * Unwraps a `Reply`: the data, or the AppError that the server answered with. @throws NetworkError for anything else: while
 * an installation is updated, a page may speak with a process of the version before.
 */
export const unwrapReply = <Schema extends z.ZodMiniType>(schema: Schema, reply: unknown): z.output<Schema> => {
  if (isRecord(reply) && reply.ok === true) {
    const data = schema.safeParse(reply.data)
    if (data.success) return data.data
    throw new NetworkError('The answer is not in the expected form.', { cause: data.error })
  }
  const refusal = WireError.safeParse(isRecord(reply) ? reply.error : undefined)
  throw refusal.success ? errorFromWire(refusal.data) : new NetworkError('The answer is not in the expected form.')
}
