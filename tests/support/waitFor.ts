import { waitUntil } from '../../scripts/support/processes'

interface WaitOptions {
  /** How long the condition may take to hold; 10 s unless said. */
  timeoutMs?: number
  /** How long between two looks; 10 ms unless said. */
  everyMs?: number
  /** What is waited for, to complete "Waited 10 s for …". */
  what?: string | (() => string)
}

/**
 * Resolves with the condition's first truthy value; rejects when the time is up. A condition that throws does not hold
 * yet: the rejection's `cause` is what it threw last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 10, what = condition.toString() }: WaitOptions = {},
): Promise<NonNullable<T>> {
  let value: T | undefined
  let cause: unknown
  const holds = async () => {
    try {
      value = await condition()
      cause = undefined
    } catch (error) {
      cause = error
    }
    return Boolean(value)
  }
  if ((await waitUntil(holds, { timeoutMs, everyMs })) && value) return value
  const forWhat = typeof what === 'string' ? what : what()
  throw new Error(`Waited ${timeoutMs / 1_000} s for ${forWhat}.`, { cause })
}
