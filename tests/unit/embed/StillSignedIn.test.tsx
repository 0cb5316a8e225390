// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { AuthProvider } from '@/contexts/AuthProvider'
import type { CurrentUser } from '@/contracts/users'
import { StillSignedIn } from '@/embed/StillSignedIn'
import { useAuth } from '@/hooks/useAuth'

const ada: CurrentUser = { id: 'ada', name: 'Ada', email: '', role: 'user', permissions: [] }

const Shown = () => useAuth().user?.name ?? 'nobody'

afterEach(() => {
  vi.useRealTimers()
})

test('a page asks every five minutes who it is, and shows nobody once that is the answer', async () => {
  vi.useFakeTimers()
  const answers = [Response.json({ user: { ...ada, name: 'Ada Lovelace' } })]
  const signedOut = { ok: false, error: { code: 'UNAUTHENTICATED', message: 'Sign in.', correlationId: 'c-1' } }
  const asked = vi.fn(async (_: string) => answers.shift() ?? Response.json(signedOut, { status: 401 }))
  vi.stubGlobal('fetch', asked)
  const minutes = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 60_000))
  render(
    <AuthProvider user={ada}>
      <StillSignedIn />
      <Shown />
    </AuthProvider>,
  )
  await minutes(4)
  expect(asked).not.toHaveBeenCalled()
  await minutes(1)
  expect(asked.mock.lastCall?.[0]).toBe('/api/auth/session')
  expect(screen.getByText('Ada Lovelace')).toBeTruthy()
  await minutes(5)
  expect(screen.getByText('nobody')).toBeTruthy()
  await minutes(20)
  expect(asked).toHaveBeenCalledTimes(2)
})
