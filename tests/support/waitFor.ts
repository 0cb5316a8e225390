import { vi } from 'vitest'

interface WaitOptions {
  /** How long the condition may take to hold; 10 s unless said. */
  timeoutMs?: number
  /** What is waited for, to complete "Waited 10 s for …". */
  what?: string
}

/** Resolves with the condition's first truthy value, asking again every 10 ms; rejects when the time is up. */
export function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what = condition.toString() }: WaitOptions = {},
): Promise<NonNullable<T>> {
  return vi.waitFor(
    async () => {
      const value = await condition()
      if (!value) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}`)
      return value
    },
    { timeout: timeoutMs, interval: 10 },
  )
}
