import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { boundRequestTimes } from '@/lib/http/boundRequestTimes'

const undo: (() => void)[] = []
afterEach(() => {
  for (const one of undo.splice(0)) one()
})

test('a body that trickles in holds its connection no longer than is allowed, whoever made the server', async () => {
  boundRequestTimes({ headersTimeout: 200, requestTimeout: 200 })
  const server = createServer({ connectionsCheckingInterval: 20 }, (request, response) => {
    request.on('error', () => {})
    request.on('end', () => response.end('done'))
    request.resume()
  })
  server.listen(0, '127.0.0.1')
  undo.push(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(server.requestTimeout).toBe(300_000)

  const slow = connect(port, '127.0.0.1')
  undo.push(() => slow.destroy())
  slow.on('error', () => {}).resume()
  slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{')
  await once(slow, 'close')
  expect(server.requestTimeout).toBe(200)

  const { status } = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' })
  expect(status).toBe(200)
})

test('a server that gives less time keeps to that', async () => {
  boundRequestTimes({ headersTimeout: 10_000, requestTimeout: 20_000 })
  const server = createServer({ headersTimeout: 100, requestTimeout: 150 }, (_, response) => response.end('done'))
  server.listen(0, '127.0.0.1')
  undo.push(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
  expect([server.headersTimeout, server.requestTimeout]).toEqual([100, 150])
})
