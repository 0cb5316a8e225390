import type { z } from 'zod'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'

/** The input as its schema makes it. @throws AppError BAD_REQUEST with a sentence for each bad field, ten at most. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, limits.issues)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new AppError('BAD_REQUEST', { message: issues[0]?.message ?? 'The input is not right.', issues })
}

/** @throws AppError PAYLOAD_TOO_LARGE above 64 KB. */
export function checkSize(bytes: number): void {
  if (bytes > limits.payloadBytes) throw new AppError('PAYLOAD_TOO_LARGE')
}
