import { expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'

const servers = await startServers()

test.each([
  ['by our proxy’s word over https', 1, { 'x-forwarded-proto': 'https' }, 'max-age=31536000; includeSubDomains'],
  ['by our proxy’s word over http', 1, { 'x-forwarded-proto': 'http' }, null],
  ['without a proxy’s word', 1, {}, null],
  ['by a client’s own word', 0, { 'x-forwarded-proto': 'https' }, null],
])('what came %s is answered with the matching advice to browsers', async (_, trustedProxyHops, headers, expected) => {
  const { url } = await servers.startSocket({ trustedProxyHops })
  const paths = [
    '/health',
    '/users/online',
    '/nothing/here',
    '/socket.io/?EIO=4&transport=polling',
    '/socket.io/?EIO=3',
  ]
  for (const path of paths) {
    const answer = await fetch(url + path, { headers })
    expect(answer.headers.get('strict-transport-security'), path).toBe(expected)
  }
})
