import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAddress, limitedNetwork } from '@/lib/http/clientAddress'
import { notePeerAddresses } from '@/lib/http/peerAddress'

describe('the network that is limited', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:51234', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:443', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['fe80::1%br-12ab.100', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => expect(limitedNetwork(address)).toBe(network))

  it.each(['', 'unknown', '1.2.3', 'localhost', '203.0.113.9, 198.51.100.1'])('is none of "%s"', (text) =>
    expect(limitedNetwork(text)).toBeUndefined(),
  )
})

describe('the client of a request', () => {
  const server = createServer((incoming, outgoing) => {
    const hops = Number(incoming.headers['x-test-hops'])
    // Next hands its routes the headers of Node's request, in the same way.
    const headers = new Headers()
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
    outgoing.end(clientAddress(new Request('http://localhost/', { headers }), hops))
  })
  let port: number
  beforeAll(async () => {
    notePeerAddresses()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port // a TCP server's address is always this
  })
  afterAll(() => server.close())

  const addressSeen = async (hops: number, forwardedFor?: string) => {
    const headers = { 'x-test-hops': String(hops), ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) }
    return (await fetch(`http://127.0.0.1:${port}`, { headers })).text()
  }

  it('is the other end of the connection, whatever X-Forwarded-For says, without proxies', async () => {
    expect(await addressSeen(0)).toBe('127.0.0.1')
    expect(await addressSeen(0, '203.0.113.9')).toBe('127.0.0.1')
  })

  it('is what the nearest proxy added, with one', async () => {
    expect(await addressSeen(1, '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9')
  })

  it('is counted from the right, with several', async () => {
    expect(await addressSeen(2, '6.6.6.6, 203.0.113.9, 10.0.0.1')).toBe('203.0.113.9')
  })

  it('is the furthest that is known where fewer proxies than said have added theirs', async () => {
    expect(await addressSeen(2, '203.0.113.9')).toBe('203.0.113.9')
    expect(await addressSeen(1)).toBe('127.0.0.1')
  })

  it('is the proxy where that added no address', async () => {
    expect(await addressSeen(1, '203.0.113.9, unknown')).toBe('127.0.0.1')
  })

  it('is one for everybody where connections were not noted', () => {
    expect(clientAddress(new Request('http://localhost/', { headers: { 'x-forwarded-for': '203.0.113.9' } }), 1)).toBe(
      'unknown',
    )
  })
})
