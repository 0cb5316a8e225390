import { expect, test } from 'vitest'
import { SESSION_COOKIE } from '@/contracts/auth'
import { onlyKey } from '@/lib/auth/keyRing'
import type { BrowserSessions } from '@/lib/auth/lucia'
import { cookieSessions } from '@/lib/auth/requestSessions'
import { createSessionTokens, type VerifiedToken } from '@/lib/auth/sessionToken'
import { redeemTicket, requireBearer, requireSession } from '@/lib/pipeline/auth'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { TicketRegister } from '@/services/users/ports'
import { partOf } from '../../support/partOf'
import { ada, grace } from '../../support/sessionUsers'

const tokens = createSessionTokens(onlyKey('a secret of at least thirty-two characters'))
const sessions = (...live: SessionUser[]) => ({
  live: async (ids: readonly string[]) => live.filter(({ sessionId }) => ids.includes(sessionId)),
})
/** A register that has seen no ticket, or this one. */
const register = (session: SessionUser | undefined, isFirstUse = true): Pick<TicketRegister, 'redeem'> => ({
  redeem: async () => session && { session, isFirstUse },
})
const ticketOf = (user: SessionUser): VerifiedToken => ({
  id: 'a ticket',
  userId: user.id,
  sessionId: user.sessionId,
  deadAt: new Date(),
})
const bearerOf = (user: SessionUser, sessionId = user.sessionId) =>
  `Bearer ${tokens.issue({ userId: user.id, sessionId }, '/admin-api').token}`

test('a ticket of a live session opens the handshake, and the session says who it is', async () => {
  expect(await redeemTicket(register(ada), ticketOf(ada))).toEqual(ada)
})

test.each([
  ['that was used before', register(ada, false), 'UNAUTHENTICATED'],
  ['of a session that ended meanwhile', register(undefined), 'SESSION_EXPIRED'],
  ['whose session is somebody else’s', register(grace), 'SESSION_EXPIRED'],
])('a ticket %s opens nothing', async (_, tickets, code) => {
  await expect(redeemTicket(tickets, ticketOf(ada))).rejects.toMatchObject({ code })
})

test('a bearer is good for many requests, for as long as its session lives', async () => {
  const bearer = bearerOf(ada)
  const deps = { tokens, sessions: sessions(ada, grace) }
  expect(await requireBearer(deps, bearer, '/admin-api')).toEqual(ada)
  expect(await requireBearer(deps, bearer, '/admin-api')).toEqual(ada)
  const ended = requireBearer({ tokens, sessions: sessions() }, bearer, '/admin-api')
  await expect(ended).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
  const others = requireBearer(deps, bearerOf(ada, grace.sessionId), '/admin-api')
  await expect(others).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})

test('who shows none is told what to send', async () => {
  const deps = { tokens, sessions: sessions(ada) }
  for (const shown of [undefined, '', 'Bearer ', 'Basic YWRh', 7]) {
    const error = { code: 'UNAUTHENTICATED', message: expect.stringContaining('for /graphql, as "authorization"') }
    await expect(requireBearer(deps, shown, '/graphql')).rejects.toMatchObject(error)
  }
})

test('a bearer of another audience, and a ticket, are UNAUTHENTICATED', async () => {
  const deps = { tokens, sessions: sessions(ada) }
  for (const audience of ['/graphql', '/admin'] as const) {
    const { token } = tokens.issue({ userId: ada.id, sessionId: ada.sessionId }, audience)
    await expect(requireBearer(deps, `Bearer ${token}`, '/admin-api')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  }
})

test('a request is whose cookie it has; without one it is UNAUTHENTICATED, with an old one SESSION_EXPIRED', async () => {
  const browser = partOf<BrowserSessions>({
    read: async (secretId) =>
      secretId === 'good' ? { sessionUser: ada, currentUser: { ...ada, email: 'ada@example.com' } } : null,
  })
  const asking = (cookie: string) =>
    requireSession(cookieSessions(browser, false), { headers: new Headers({ cookie }) })
  expect(await asking(`${SESSION_COOKIE}=good`)).toEqual(ada)
  await expect(asking('')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await expect(asking(`${SESSION_COOKIE}=old`)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
})
