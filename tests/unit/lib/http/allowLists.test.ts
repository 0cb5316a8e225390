import { expect, test } from 'vitest'
import { isListed, type Network, parseNetwork } from '@/lib/http/allowLists'

const listOf = (...texts: string[]) => texts.map(parseNetwork).filter((network): network is Network => !!network)

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::ffff:10.0.0.1', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.8', false],
  ['2001:db8:1::/48', '2001:db8:1:ffff::1', true],
  ['2001:db8:1::/48', '2001:db8:2::1', false],
  // Not by its /64, as limits count: one address is one address.
  ['2001:db8::1', '2001:db8::1', true],
  ['2001:db8::1', '2001:db8::2', false],
  ['::/0', '10.0.0.1', false],
  ['0.0.0.0/0', '10.0.0.1', true],
])('%s holds %s: %s', (network, address, expected) => {
  expect(isListed(listOf('198.51.100.0/24', network), address)).toBe(expected)
})

test('an empty list is no list, and on any other an unknown address is not', () => {
  expect(isListed([], null)).toBe(true)
  expect(isListed(listOf('0.0.0.0/0', '::/0'), null)).toBe(false)
  expect(isListed(listOf('0.0.0.0/0'), 'unknown')).toBe(false)
})
