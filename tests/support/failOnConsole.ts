import { format } from 'node:util'
import { afterEach, beforeEach, expect, vi } from 'vitest'

/**
 * A test during which something complains on the console fails. One that provokes a complaint says so:
 * `vi.spyOn(console, 'error').mockImplementation(() => {})`, and may then look at what was said.
 */
let unexpected: string[] = []

beforeEach(() => {
  unexpected = []
  for (const method of ['error', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => {
      unexpected.push(`console.${method}: ${format(...args)}`)
    })
  }
})

afterEach(() => {
  expect(unexpected, `The console was used unexpectedly.\n${unexpected.join('\n')}`).toEqual([])
})
