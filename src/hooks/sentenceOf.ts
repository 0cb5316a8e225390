import { AppError } from '@/contracts/errors'

/** A sentence for whoever pressed a button, from anything thrown. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof AppError) return error.message
  return 'The server did not answer in time. Please try again.'
}
