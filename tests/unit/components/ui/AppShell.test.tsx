// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { PathnameContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ownCopy, readOwner } from '@/client/offline/database'
import { AppShell } from '@/components/ui/AppShell'
import { AuthProvider } from '@/contexts/AuthProvider'
import { SocketContext } from '@/contexts/SocketContext'
import type { CurrentUser } from '@/contracts/users'
import { ThemeRegistry } from '@/theme/ThemeRegistry'
import { waitFor } from '../../../support/waitFor'
import { giveIndexedDb } from '../../support/indexedDb'
import { userPermissions } from '../../support/sessionUsers'

giveIndexedDb()

const ada: CurrentUser = {
  ...{ id: 'ada', name: 'Ada', email: 'ada@example.com', role: 'user', permissions: userPermissions },
}

test('who signs out where the server cannot be told is not shown any more, in no tab, nothing of them is kept, and it says so', async () => {
  let isReached = false
  vi.stubGlobal('fetch', async () => {
    if (isReached) return new Response(null, { status: 204 })
    throw new TypeError('Failed to fetch')
  })
  await ownCopy(ada, new AbortController().signal)
  const heard: unknown[] = []
  const otherTab = new BroadcastChannel('tandem-account')
  otherTab.addEventListener('message', ({ data }) => heard.push(data))
  onTestFinished(() => otherTab.close())
  const router = { replace: vi.fn() }
  render(
    // The router of a page, as far as this needs one.
    <AppRouterContext value={router as never}>
      <PathnameContext value="/chat">
        <AuthProvider user={ada}>
          <ThemeRegistry>
            <SocketContext value={null}>
              <AppShell>what is Ada’s</AppShell>
            </SocketContext>
          </ThemeRegistry>
        </AuthProvider>
      </PathnameContext>
    </AppRouterContext>,
  )
  await act(async () => screen.getByRole('button', { name: /^Account of/ }).click())
  const signOut = await screen.findByRole('menuitem', { name: 'Sign out' })
  await act(async () => signOut.click())

  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('You are still signed in')
  expect(screen.queryByText('what is Ada’s')).toBeNull()
  await waitFor(async () => (await readOwner()) === undefined)
  await waitFor(() => heard.length > 0)
  expect(heard).toEqual([null])
  expect(router.replace).not.toHaveBeenCalled()

  isReached = true
  await act(async () => screen.getByRole('button', { name: 'Try again' }).click())
  expect(router.replace).toHaveBeenCalledExactlyOnceWith('/')
})
