// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { expect, it, vi } from 'vitest'
import { LoginView } from '@/components/auth/LoginView'
import { AuthContext } from '@/contexts/AuthContext'
import type { LoginInput, SecondFactorInput } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'

const open = (
  signIn: (input: LoginInput) => Promise<string | undefined>,
  passSecondFactor: (input: SecondFactorInput) => Promise<void> = async () => {},
) => {
  const replace = vi.fn()
  const router = { replace, push: vi.fn(), refresh: vi.fn(), back: vi.fn(), forward: vi.fn(), prefetch: vi.fn() }
  const none = async () => {}
  render(
    // The router of a page, as far as a form needs one.
    <AppRouterContext value={router as never}>
      <AuthContext
        value={{
          ...{ user: null, signIn, passSecondFactor, enterDemo: none, register: none, signOut: none },
          ...{
            sessionEnded: () => {},
            permissionsUpdated: () => {},
            refresh: none,
            recognise: none,
            resume: async () => false,
          },
        }}
      >
        <LoginView
          next="/chat/abc"
          demo={[{ name: 'Ada Lovelace', email: 'ada@example.com' }]}
          google
          problem={undefined}
          registers
          mail={false}
        />
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
  const signIn = vi.fn(async () => undefined)
  const { replace } = open(signIn)
  fill(' Ada@Example.com ', 'a long password')
  await waitFor(() => expect(replace).toHaveBeenCalledWith('/chat/abc'))
  expect(signIn).toHaveBeenCalledExactlyOnceWith({ email: 'ada@example.com', password: 'a long password' })
})

it('asks for the code where one is needed, and goes on with it', async () => {
  const pass = vi.fn(async () => {})
  const { replace } = open(async () => 'a challenge', pass)
  fill('ada@example.com', 'a long password')
  fireEvent.change(await screen.findByLabelText('Code'), { target: { value: '123 456' } })
  // No other way in stands beside it.
  expect(screen.queryByRole('button', { name: /^Continue as/ })).toBeNull()
  expect(screen.queryByRole('link', { name: /Google|Create an account/ })).toBeNull()
  expect(replace).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }))
  await waitFor(() => expect(replace).toHaveBeenCalledWith('/chat/abc'))
  expect(pass).toHaveBeenCalledExactlyOnceWith({ challenge: 'a challenge', code: '123456' })
})

it('takes the challenge of who comes back from Google out of the address', async () => {
  window.history.replaceState(null, '', '/login?step=code#challenge=of-google')
  const pass = vi.fn(async () => {})
  open(async () => undefined, pass)
  fireEvent.change(await screen.findByLabelText('Code'), { target: { value: '123456' } })
  expect(window.location.href).not.toContain('of-google')
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }))
  await waitFor(() => expect(pass).toHaveBeenCalledExactlyOnceWith({ challenge: 'of-google', code: '123456' }))
})

it('begins again when the code came too late', async () => {
  open(
    async () => 'a challenge',
    () => Promise.reject(new AppError('UNAUTHENTICATED', { message: 'This took too long.' })),
  )
  fill('ada@example.com', 'a long password')
  fireEvent.change(await screen.findByLabelText('Code'), { target: { value: '123456' } })
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }))
  expect(await screen.findByText('This took too long.')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Begin again' }))
  expect(await screen.findByLabelText('Password')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Continue as Ada Lovelace' })).toBeTruthy()
})
