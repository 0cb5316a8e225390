import { expect, test } from 'vitest'
import { InboundBudget } from '@/lib/sockets/frontDoor/InboundBudget'

test('a person may send a megabyte at once, then one a second, and nobody else waits for it', () => {
  let now = 5_000
  const budget = new InboundBudget(() => now)
  expect(budget.take('ada', 900_000)).toBe(0)
  expect(budget.take('ada', 600_000)).toBe(500)
  expect(budget.take('grace', 900_000)).toBe(0)
  now += 500
  expect(budget.take('ada', 0)).toBe(0)
  expect(budget.take('ada', 100_000)).toBe(100)
})

test('who leaves and comes back owes what they owed', () => {
  let now = 0
  const budget = new InboundBudget(() => now)
  budget.take('ada', 3_000_000)
  budget.forget('ada')
  expect(budget.take('ada', 0)).toBe(2_000)
  now += 4_000
  budget.forget('ada')
  expect(budget.take('ada', 1_000_000)).toBe(0)
})
