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

const signedOut = { ok: false, error: { code: 'UNAUTHENTICATED', message: 'Sign in.', correlationId: 'c-1' } }
const minutes = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 60_000))

/** What the server answers, one after the other; then that nobody is signed in. */
function answering(users: CurrentUser[]) {
  vi.useFakeTimers()
  const asked = vi.fn(async (_: string) => {
    const user = users.shift()
    return user ? Response.json({ user }) : Response.json(signedOut, { status: 401 })
  })
  vi.stubGlobal('fetch', asked)
  return asked
}

const show = (user: CurrentUser | null | undefined) =>
  render(
    <AuthProvider user={user}>
      <StillSignedIn isUnknown={user === undefined} />
      <Shown />
    </AuthProvider>,
  )

test('a page asks every five minutes who it is, and shows nobody once that is the answer', async () => {
  const asked = answering([{ ...ada, name: 'Ada Lovelace' }])
  show(ada)
  await minutes(4)
  expect(asked).not.toHaveBeenCalled()
  await minutes(1)
  expect(asked.mock.lastCall?.[0]).toBe('/api/auth/session')
  expect(screen.getByText('Ada Lovelace')).toBeTruthy()
  await minutes(5)
  expect(screen.getByText('nobody')).toBeTruthy()
})

test('after a no it asks again, from time to time and when the page is seen, and shows whoever it is then', async () => {
  const users: CurrentUser[] = []
  answering(users)
  show(ada)
  await minutes(5)
  expect(screen.getByText('nobody')).toBeTruthy()
  users.push({ ...ada, id: 'grace', name: 'Grace' })
  act(() => void document.dispatchEvent(new Event('visibilitychange')))
  await minutes(0)
  expect(screen.getByText('Grace')).toBeTruthy()
})

test('where the server could not say who it is, the page asks at once', async () => {
  answering([ada])
  show(undefined)
  await minutes(0)
  expect(screen.getByText('Ada')).toBeTruthy()
})

test('a page on which nobody ever was asks nothing', async () => {
  const asked = answering([ada])
  show(null)
  await minutes(30)
  expect(asked).not.toHaveBeenCalled()
})

test('a page that could not be found out about later keeps who is shown', () => {
  const shown = show(ada)
  shown.rerender(
    <AuthProvider user={undefined}>
      <Shown />
    </AuthProvider>,
  )
  expect(screen.getByText('Ada')).toBeTruthy()
})
