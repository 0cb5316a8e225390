import { useState } from 'react'
import { AppError } from '@/contracts/errors'

interface Failure {
  /** What belongs to no field. */
  message?: string | undefined
  /** By the field's name. */
  fields: Record<string, string>
}

const none: Failure = { fields: {} }

function failureOf(error: unknown, known: readonly string[]): Failure {
  if (!(error instanceof AppError)) {
    return { message: 'The server could not be reached. Check your connection and try again.', fields: {} }
  }
  const issues = (error.issues ?? []).filter(({ path }) => known.includes(path))
  if (issues.length === 0) return { message: error.message, fields: {} }
  return { fields: Object.fromEntries(issues.map(({ path, message }) => [path, message])) }
}

/** An action of a form with few fields: whether it is under way, and what was wrong with it. True: it worked. */
export function useSubmit(fields: readonly string[]) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>(none)

  const submit = async (action: () => Promise<void>): Promise<boolean> => {
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
