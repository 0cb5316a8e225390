import { expect, test } from 'vitest'
import { RefusedHandshakes } from '@/lib/sockets/frontDoor/RefusedHandshakes'

test('a connection has three refusals while nobody is signed in on it', () => {
  const refused = new RefusedHandshakes(null)
  const [one, other] = [{}, {}]
  expect([1, 2, 3, 4].map(() => refused.countForUnsigned(one))).toEqual([false, false, true, false])
  expect(refused.countForUnsigned(other)).toBe(false)
})

test('a connection somebody is signed in on has in each window what an address has', () => {
  let now = 1_000
  const refused = new RefusedHandshakes({ points: 3, seconds: 60 }, () => now)
  const [one, other] = [{}, {}]
  expect([1, 2].map(() => refused.countForSignedIn(one))).toEqual([false, false])
  now += 60_000
  expect([1, 2, 3, 4].map(() => refused.countForSignedIn(one))).toEqual([false, false, true, false])
  expect(refused.countForSignedIn(other)).toBe(false)
  const off = new RefusedHandshakes(null)
  expect(Array.from({ length: 100 }, () => off.countForSignedIn(one))).not.toContain(true)
})

test('an address that used up its refusals is closed until its window ends, and no other address is', () => {
  let now = 1_000
  const refused = new RefusedHandshakes({ points: 3, seconds: 60 }, () => now)
  refused.countForAddress('here')
  now += 20_000
  refused.countForAddress('here')
  expect(refused.blockedMs('here')).toBe(0)
  refused.countForAddress('here')
  expect(refused.blockedMs('here')).toBeGreaterThan(39_000)
  expect(refused.blockedMs('here')).toBeLessThanOrEqual(40_000)
  expect(refused.blockedMs('elsewhere')).toBe(0)
  now += 41_000
  expect(refused.blockedMs('here')).toBe(0)
})

test('what is switched off closes nobody out', () => {
  const refused = new RefusedHandshakes(null)
  for (let i = 0; i < 1_000; i += 1) refused.countForAddress('here')
  expect(refused.blockedMs('here')).toBe(0)
})

test('an attacker of many addresses takes a bounded place', () => {
  const refused = new RefusedHandshakes({ points: 1, seconds: 60 })
  for (let i = 0; i < 30_000; i += 1) refused.countForAddress(`address ${i}`)
  expect(refused.blockedMs('address 0')).toBe(0)
  expect(refused.blockedMs('address 29999')).toBeGreaterThan(0)
})
