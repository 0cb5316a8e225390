import type { FieldPath, FieldValues, UseFormSetError } from 'react-hook-form'
import { AppError } from '@/contracts/errors'
import { sentenceOf } from '@/hooks/sentenceOf'

/** Puts a refused request's complaints beside their fields; what belongs to none goes to `root.server`. */
export function showServerError<T extends FieldValues>(
  error: unknown,
  fields: readonly FieldPath<T>[],
  setError: UseFormSetError<T>,
) {
  const issues = error instanceof AppError ? (error.issues ?? []) : []
  let placed = false
  for (const issue of issues) {
    const field = fields.find((name) => name === issue.path)
    if (!field) continue
    setError(field, { type: 'server', message: issue.message }, { shouldFocus: !placed })
    placed = true
  }
  if (placed) return
  setError('root.server', { type: 'server', message: sentenceOf(error) })
}
