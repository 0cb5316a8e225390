import { expect, test, vi } from 'vitest'
import { type Identity, IdentityError } from '@/lib/auth/identity'
import { createIdentityCookie } from '@/lib/auth/identityCookie'
import { createIdentitySessions } from '@/lib/auth/identitySessions'
import { onlyKey } from '@/lib/auth/keyRing'
import { createDatabase } from '@/lib/db/database'
import { IdentityPeople } from '@/lib/db/repositories/IdentityPeople'
import { silentLogger } from '@/services/shared/Logger'

/** Over a database that is not there. */
function sessionsOf(identity: Partial<Identity>) {
  const signOut = vi.fn(async () => {})
  const url = 'postgresql://nobody@127.0.0.1:1/nothing'
  const sessions = createIdentitySessions({
    identity: { personOf: async () => null, people: async () => [], ...identity },
    people: new IdentityPeople(createDatabase({ url, poolSize: 1, logger: silentLogger, applicationName: 'test' })),
    sessions: { signOut, endOthers: async () => {} },
    keys: onlyKey('a secret of a test'),
    publicUrl: 'http://localhost:3000',
    secondFactorForAdmins: false,
    trustedProxyHops: 0,
    timeoutMs: 20,
    countBeginning: async () => {},
  })
  return { sessions, signOut }
}

const request = (cookie?: string) => ({ headers: new Headers(cookie === undefined ? {} : { cookie }) })

test('an app that does not answer holds no request for ever, and signs nobody out', async () => {
  const { sessions, signOut } = sessionsOf({ personOf: () => new Promise(() => {}) })
  const answer = new Headers()
  const reading = sessions.read(request(`tandem_session=${'A'.repeat(43)}`), answer)
  await expect(reading).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(signOut).not.toHaveBeenCalled()
  expect(answer.getSetCookie()).toEqual([])
})

test.each([
  ['a second factor', { secondFactor: true }],
  ['an end', { expiresAt: new Date(Date.now() + 60_000) }],
])('%s that is not said of one sign-in is refused: other browsers would share it', async (_, said) => {
  const { sessions } = sessionsOf({ personOf: async () => ({ id: 'ada', name: 'Ada', ...said }) })
  await expect(sessions.read(request())).rejects.toThrow(IdentityError)
})

test('a cookie stays good while its key is on the ring, and never travels where the app’s own might not', () => {
  const [old, fresh] = [onlyKey('an old secret of a test')[0], onlyKey('a new secret of a test')[0]]
  const visitor = { id: 'ada', name: 'Ada', avatarImage: null, role: undefined, sessionId: 's', expiresAt: undefined }
  const secretWith = (keys: Parameters<typeof createIdentityCookie>[0], cookie?: string) =>
    createIdentityCookie(keys, true).secretOf({ ...visitor, secondFactor: false }, cookie)
  const before = secretWith([old])
  expect(secretWith([fresh, old], before)).toBe(before)
  expect(secretWith([fresh, old])).toBe(secretWith([fresh]))
  expect(secretWith([fresh], before)).not.toBe(before)
  expect(createIdentityCookie([fresh], true).line(before)).toContain('; SameSite=Strict')
})
