// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { expect, it, vi } from 'vitest'
import { LoginForm } from '@/components/auth/LoginForm'
import { AuthContext } from '@/contexts/AuthContext'
import type { LoginInput } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'

const open = (signIn: (input: LoginInput) => Promise<void>) => {
  const replace = vi.fn()
  const router = { replace, push: vi.fn(), refresh: vi.fn(), back: vi.fn(), forward: vi.fn(), prefetch: vi.fn() }
  const none = async () => {}
  render(
    // The router of a page, as far as a form needs one.
    <AppRouterContext value={router as never}>
      <AuthContext
        value={{
          user: null,
          signIn,
          enterDemo: none,
          register: none,
          signOut: none,
          sessionEnded: () => {},
          permissionsUpdated: () => {},
          refresh: none,
        }}
      >
        <LoginForm next="/chat/abc" />
      </AuthContext>
    </AppRouterContext>,
  )
  return { replace }
}

const fill = (email: string, password: string) => {
  fireEvent.change(screen.getByLabelText('E-mail'), { target: { value: email } })
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

it('says beside each field what is wrong, and asks the server nothing', async () => {
  const signIn = vi.fn()
  open(signIn)
  fill('not an address', '')
  expect(await screen.findByText('This does not look like an e-mail address.')).toBeTruthy()
  expect(screen.getByText('Give your password.')).toBeTruthy()
  expect(signIn).not.toHaveBeenCalled()
})

it('shows what the server answers, and can be tried again', async () => {
  const { replace } = open(async () => {
    throw new AppError('UNAUTHENTICATED', { message: 'E-mail address or password is not right.' })
  })
  fill('ada@example.com', 'wrong')
  expect((await screen.findByRole('alert')).textContent).toBe('E-mail address or password is not right.')
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in' }).disabled).toBe(false))
  expect(replace).not.toHaveBeenCalled()
})

it('signs in and goes on to where one wanted to be', async () => {
  const signIn = vi.fn(async () => {})
  const { replace } = open(signIn)
  fill(' Ada@Example.com ', 'a long password')
  await waitFor(() => expect(replace).toHaveBeenCalledWith('/chat/abc'))
  expect(signIn).toHaveBeenCalledExactlyOnceWith({ email: 'ada@example.com', password: 'a long password' })
})
