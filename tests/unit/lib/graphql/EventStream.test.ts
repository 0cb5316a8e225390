import { once } from 'node:events'
import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { EventStream } from '@/lib/graphql/EventStream'
import { onTeardown } from '../../../support/teardown'

/** A response, and what its client leaves with. */
async function requested(): Promise<{ response: ServerResponse; leave: () => void }> {
  const server = createServer().listen(0, '127.0.0.1')
  onTeardown(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const request = get({ port, host: '127.0.0.1' }).on('error', () => {})
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse] // what Node tells
  return { response, leave: () => void request.destroy() }
}

it('who left while the stream was being opened is gone', async () => {
  const { response, leave } = await requested()
  leave()
  await once(response, 'close')
  let isGone = false
  const stream = new EventStream(response, {}, () => {
    isGone = true
  })
  expect(isGone).toBe(true)
  await stream.next({ data: null })
  stream.complete()
})

it('who leaves later is gone then, and what waited for them waits no more; each wait leaves nothing behind', async () => {
  const { response, leave } = await requested()
  let isGone = false
  const stream = new EventStream(response, {}, () => {
    isGone = true
  })
  const listeners = response.listenerCount('close')
  const next = stream.next({ data: { text: 'x'.repeat(50_000_000) } })
  expect(response.listenerCount('close')).toBe(listeners + 1)
  leave()
  await next
  expect([isGone, response.listenerCount('close') <= listeners]).toEqual([true, true])
})
