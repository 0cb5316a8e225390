// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { expect, it, vi } from 'vitest'
import { DemoAccounts } from '@/components/auth/DemoAccounts'
import { AuthContext } from '@/contexts/AuthContext'
import type { DemoInput } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'

const open = (enterDemo: (input: DemoInput) => Promise<void>) => {
  const replace = vi.fn()
  const router = { replace, push: vi.fn(), refresh: vi.fn(), back: vi.fn(), forward: vi.fn(), prefetch: vi.fn() }
  const none = async () => {}
  const auth = {
    ...{ user: null, signIn: async () => undefined, passSecondFactor: none, enterDemo, register: none, signOut: none },
    ...{
      sessionEnded: () => {},
      permissionsUpdated: () => {},
      refresh: none,
      recognise: none,
      resume: async () => false,
    },
  }
  render(
    // The router of a page, as far as a button needs one.
    <AppRouterContext value={router as never}>
      <AuthContext value={auth}>
        <DemoAccounts accounts={[{ name: 'Ada', email: 'ada@example.com' }]} next="/chat/abc" />
      </AuthContext>
    </AppRouterContext>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Continue as Ada' }))
  return { replace }
}

it('one click enters as that person, without a password, and goes on', async () => {
  const enterDemo = vi.fn(async () => {})
  const { replace } = open(enterDemo)
  await waitFor(() => expect(replace).toHaveBeenCalledExactlyOnceWith('/chat/abc'))
  expect(enterDemo).toHaveBeenCalledExactlyOnceWith({ email: 'ada@example.com' })
})

it('says why it did not work', async () => {
  const { replace } = open(() =>
    Promise.reject(new AppError('NOT_FOUND', { message: 'There is no such demo account.' })),
  )
  expect((await screen.findByRole('alert')).textContent).toBe('There is no such demo account.')
  expect(replace).not.toHaveBeenCalled()
})
