import type * as z from 'zod/mini'
import en from 'zod/v4/locales/en.js'
import type { Command } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'

/** What zod says of an issue where the schema says nothing. */
const sentences = { error: en().localeError }

/** The input as its schema makes it. @throws AppError BAD_REQUEST with a sentence for each bad field, ten at most. */
export function parseInput<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  // Pages do not need zod's own sentences, so that the schemas have none; they are asked for only here, as they cost time.
  const { error = result.error } = schema.safeParse(input, sentences)
  const issues = error.issues
    .slice(0, limits.issues)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new AppError('BAD_REQUEST', { message: issues[0]?.message ?? 'The input is not right.', issues })
}

/** What HTTP said, as the command's input before it is parsed. @throws AppError BAD_REQUEST in HTTP's own words. */
export function readForm({ httpForm }: Command, fields: unknown): unknown {
  if (!httpForm) return fields
  // `httpForm` made this function for what its own shape gives.
  return (httpForm.read as (request: unknown) => unknown)(parseInput(httpForm.shape, fields))
}

/** @throws AppError PAYLOAD_TOO_LARGE above 64 KB. */
export function checkSize(bytes: number): void {
  if (bytes > limits.payloadBytes) throw new AppError('PAYLOAD_TOO_LARGE')
}
