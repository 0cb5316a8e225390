import { notFound } from 'next/navigation'
import { expect, test, vi } from 'vitest'
import { Tandem } from '@/embed/Tandem'
import { webApp } from '@/server/web/app'
import { currentUser } from '@/server/web/currentUser'

// Both need a process of Next's around them.
vi.mock('server-only', () => ({}))
vi.mock('@/server/web/app', () => ({ webApp: vi.fn() }))
vi.mock('@/server/web/currentUser', () => ({ currentUser: vi.fn() }))

test('when it cannot be found out who looks at it, the app’s page goes on without', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.mocked(currentUser).mockRejectedValue(new Error('The database is gone.'))
  vi.mocked(webApp).mockRejectedValue(new Error('SESSION_TOKEN_SECRET is missing.'))
  const { props } = await Tandem({ children: 'the page' })
  expect(props).toEqual({ user: undefined, children: 'the page' })
  expect(said).toHaveBeenCalledOnce()
})

test('what Next throws to render another page is not kept from it', async () => {
  vi.mocked(currentUser).mockImplementation(async () => notFound())
  await expect(Tandem({ children: null })).rejects.toThrow('NEXT_HTTP_ERROR_FALLBACK;404')
})
