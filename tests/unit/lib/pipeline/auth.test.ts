import { expect, test } from 'vitest'
import type { BrowserSessions } from '@/lib/auth/lucia'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { authenticateHandshake, requireSession } from '@/lib/pipeline/auth'
import type { SessionUser } from '@/services/shared/SessionUser'
import { partOf } from '../../support/partOf'
import { ada, grace } from '../../support/sessionUsers'

const tokens = createSessionTokens('a secret of at least thirty-two characters')
const sessions = (...live: SessionUser[]) => ({
  live: async (ids: readonly string[]) => live.filter(({ sessionId }) => ids.includes(sessionId)),
})
const tokenOf = async (user: SessionUser, sessionId = user.sessionId) =>
  (await tokens.issue({ userId: user.id, sessionId }, ['/chat'])).token

test('a token of a live session opens the handshake, and the session says who it is', async () => {
  const deps = { tokens, sessions: sessions(ada, grace) }
  expect(await authenticateHandshake(deps, { token: await tokenOf(ada) }, '/chat')).toEqual(ada)
})

test.each([
  ['no token', undefined],
  ['a token that is no text', 7],
  ['a forged token', 'a.b.c'],
])('%s is UNAUTHENTICATED', async (_, token) => {
  const handshake = authenticateHandshake({ tokens, sessions: sessions(ada) }, { token }, '/chat')
  await expect(handshake).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('a token for one namespace does not open another', async () => {
  const deps = { tokens, sessions: sessions(ada) }
  const handshake = authenticateHandshake(deps, { token: await tokenOf(ada) }, '/notifications')
  await expect(handshake).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('a good token of a session that ended meanwhile is SESSION_EXPIRED', async () => {
  const handshake = authenticateHandshake({ tokens, sessions: sessions() }, { token: await tokenOf(ada) }, '/chat')
  await expect(handshake).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('a token whose session is somebody else’s opens nothing', async () => {
  const token = await tokenOf(ada, grace.sessionId)
  const handshake = authenticateHandshake({ tokens, sessions: sessions(ada, grace) }, { token }, '/chat')
  await expect(handshake).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('a request is whose cookie it has; without one it is UNAUTHENTICATED, with an old one SESSION_EXPIRED', async () => {
  const browser = partOf<BrowserSessions>({
    read: async (secretId) =>
      secretId === 'good' ? { sessionUser: ada, currentUser: { ...ada, email: 'ada@example.com' } } : null,
  })
  expect(await requireSession(browser, 'good')).toEqual(ada)
  await expect(requireSession(browser, undefined)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await expect(requireSession(browser, 'old')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})
