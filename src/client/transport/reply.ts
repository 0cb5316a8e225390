import type { z } from 'zod'
import { AppError, WireError } from '@/contracts/errors'
import { errorFromWire } from '../runtime/errors'

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Unwraps a `Reply`: the data, or the AppError that the server answered with. */
export const unwrapReply = <Schema extends z.ZodType>(schema: Schema, reply: unknown): z.output<Schema> => {
  if (isRecord(reply) && reply.ok === true) {
    const data = schema.safeParse(reply.data)
    if (data.success) return data.data
    throw new AppError('INTERNAL', { message: 'The server answered in an unexpected form.', cause: data.error })
  }
  const refusal = WireError.safeParse(isRecord(reply) ? reply.error : undefined)
  throw refusal.success
    ? errorFromWire(refusal.data)
    : new AppError('INTERNAL', { message: 'The server answered in an unexpected form.' })
}
