import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createOpenIdProvider } from '@/lib/auth/openIdProvider'
import { onTeardown } from '../../../support/teardown'

test('a provider that does not answer is given up in time, and asked again by the next person', async () => {
  const asked: ServerResponse[] = []
  const silent = createServer((_request, response) => void asked.push(response)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTeardown(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const { port } = silent.address() as AddressInfo // a TCP server's address is always this
  const provider = createOpenIdProvider({
    issuer: `http://127.0.0.1:${port}`,
    clientId: 'tandem',
    clientSecret: 'a secret between the two',
    redirectUri: 'http://chat.test/api/auth/google/callback',
    timeoutSeconds: 1,
  })
  await expect(provider.begin()).rejects.toThrow()
  await expect(provider.begin()).rejects.toThrow()
  expect(asked).toHaveLength(2)
})
