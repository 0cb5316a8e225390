// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { createBrowserClient } from '@/contexts/browserClient'

test('what is under development is not shown as a build was that this browser has kept', async () => {
  const unregister = vi.fn(async () => true)
  Object.defineProperty(navigator, 'serviceWorker', {
    value: { getRegistration: async () => ({ unregister }) },
    configurable: true,
  })
  vi.stubEnv('NODE_ENV', 'production')
  createBrowserClient('ada', []).stop()
  expect(unregister).not.toHaveBeenCalled()
  vi.stubEnv('NODE_ENV', 'development')
  createBrowserClient('ada', []).stop()
  await vi.waitFor(() => expect(unregister).toHaveBeenCalledOnce())
})
