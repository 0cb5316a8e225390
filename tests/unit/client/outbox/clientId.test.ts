import { expect, test } from 'vitest'
import { createClientId } from '@/client/outbox/clientId'

test('ids of sends are made without randomUUID, and differ', () => {
  const overPlainHttp: Pick<Crypto, 'getRandomValues'> = { getRandomValues: crypto.getRandomValues.bind(crypto) }
  const ids = Array.from({ length: 1_000 }, () => createClientId(overPlainHttp))

  expect(new Set(ids).size).toBe(1_000)
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
})
