import { useState } from 'react'
import { AppError } from '@/contracts/errors'
import { sentenceOf } from '@/hooks/sentenceOf'

interface Failure {
  /** What belongs to no field. */
  message?: string | undefined
  /** By the field's name. */
  fields: Record<string, string>
}

const none: Failure = { fields: {} }

function failureOf(error: unknown, known: readonly string[]): Failure {
  const issues = error instanceof AppError ? (error.issues ?? []).filter(({ path }) => known.includes(path)) : []
  if (issues.length === 0) return { message: sentenceOf(error), fields: {} }
  return { fields: Object.fromEntries(issues.map(({ path, message }) => [path, message])) }
}

/** Actions, of a form with few fields or of none: whether one is under way, and what was wrong with it. True: it worked. */
export function useSubmit(fields: readonly string[]) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>(none)

  const submit = async (action: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    setFailure(none)
    try {
      await action()
      return true
    } catch (error) {
      setFailure(failureOf(error, fields))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, failure, submit, reset: () => setFailure(none) }
}
