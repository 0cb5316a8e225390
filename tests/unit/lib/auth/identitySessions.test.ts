import { expect, test, vi } from 'vitest'
import type { Identity } from '@/lib/auth/identity'
import { createIdentitySessions } from '@/lib/auth/identitySessions'
import { onlyKey } from '@/lib/auth/keyRing'
import { createDatabase } from '@/lib/db/database'
import { silentLogger } from '@/services/shared/Logger'

/** Over a database that is not there. */
function sessionsOf(identity: Partial<Identity>) {
  const signOut = vi.fn(async () => {})
  const url = 'postgresql://nobody@127.0.0.1:1/nothing'
  const sessions = createIdentitySessions({
    identity: { personOf: async () => null, people: async () => [], ...identity },
    db: createDatabase({ url, poolSize: 1, logger: silentLogger, applicationName: 'test' }),
    sessions: { signOut },
    keys: onlyKey('a secret of a test'),
    publicUrl: 'http://localhost:3000',
    secondFactorForAdmins: false,
    timeoutMs: 20,
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
