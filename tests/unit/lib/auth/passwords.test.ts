import { hash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { argon2Passwords } from '@/lib/auth/passwords'

test('what bcrypt saw only a part of is no reason to keep the rest', async () => {
  const long = 'x'.repeat(72)
  const stored = await hash(`${long}, and how it ends`, 4)
  for (const [password, whole] of [
    [long, true],
    [`${long}, and a typo`, false],
    ['€'.repeat(25), false],
  ] as const) {
    expect(argon2Passwords.shouldRehash(stored, password), password).toBe(whole)
  }
  expect(await argon2Passwords.verify(stored, `${long}, and a typo`)).toBe(true)
  const short = await hash('pw', 4)
  expect(await argon2Passwords.verify(short, 'pw')).toBe(true)
  expect(argon2Passwords.shouldRehash(short, 'pw')).toBe(true)
  expect(argon2Passwords.shouldRehash(short, 'pw\0pw')).toBe(false)
})

test('a hash that would hold a thread for long, or is of another kind, opens nothing', async () => {
  const stored = await hash('pw', 4)
  for (const other of [stored.replace('$04$', '$31$'), stored.replace(/2[aby]/, '2x'), '{SSHA}abc', '']) {
    expect(await argon2Passwords.verify(other, 'pw'), other).toBe(false)
    expect(argon2Passwords.shouldRehash(other, 'pw'), other).toBe(false)
  }
})

test('its own hashes open with their password alone, and stay', async () => {
  const stored = await argon2Passwords.hash('pw')
  expect(await argon2Passwords.verify(stored, 'pw')).toBe(true)
  expect(await argon2Passwords.verify(stored, 'pw ')).toBe(false)
  expect(argon2Passwords.shouldRehash(stored, 'pw')).toBe(false)
})
