import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import * as undici from 'undici'
import { expect, test } from 'vitest'
import { HttpWebhookSender } from '@/lib/webhooks/HttpWebhookSender'
import { makeWebhookSecret } from '@/lib/webhooks/signature'
import { silentLogger } from '@/services/shared/Logger'
import type { Attempt, DeliveryQueue } from '@/services/webhooks/ports'
import { WebhookDelivery } from '@/services/webhooks/WebhookDelivery'
import { onTeardown } from '../../support/teardown'
import { startReceiver } from '../../support/webhooks/startReceiver'

function sender(allowPrivate: boolean) {
  const made = new HttpWebhookSender(undici, { allowPrivate, httpsOnly: false })
  onTeardown(() => made.close())
  return made
}

const request = (url: string) => ({
  ...{ url, secrets: [makeWebhookSecret()], eventId: 'evt_1' },
  body: JSON.stringify({ type: 'room.updated', timestamp: '', data: {} }),
})
const unhurried = () => AbortSignal.timeout(10_000)

test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', 'localhost', 'localhost.', hostname()])(
  'a server of a private network is not connected to, by whatever name: %s',
  async (host) => {
    const receiver = await startReceiver()
    const { port } = new URL(receiver.url)
    await expect(sender(false).send(request(`http://${host}:${port}/hook`), unhurried())).rejects.toThrow(
      /private network/,
    )
    expect(receiver.received).toEqual([])
  },
)

test('a name is asked for once for each connection, and what it means then is what counts', async () => {
  const receiver = await startReceiver()
  const { port } = new URL(receiver.url)
  // At first it would pass; what is connected to is the answer that was looked at.
  const answers = [['93.184.216.34', '127.0.0.1'], ['169.254.169.254'], ['::ffff:127.0.0.1'], ['fd00::1']]
  const rebinding = new HttpWebhookSender(undici, { allowPrivate: false, httpsOnly: false }, (_, __, callback) => {
    const addresses = answers.shift() ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  })
  onTeardown(() => rebinding.close())
  while (answers.length > 0) {
    const left = answers.length
    await expect(rebinding.send(request(`http://rebind.example:${port}/`), unhurried())).rejects.toThrow(
      /private network/,
    )
    expect(answers).toHaveLength(left - 1)
  }
  expect(receiver.received).toEqual([])
})

test('a redirect is an answer, and is not followed', async () => {
  const [receiver, elsewhere] = [await startReceiver(), await startReceiver()]
  receiver.answer = (_, response) => response.writeHead(307, { location: elsewhere.url }).end()
  expect(await sender(true).send(request(receiver.url), unhurried())).toEqual({ status: 307, body: '' })
  expect(elsewhere.received).toEqual([])
})

test('of an answer without end the beginning is kept, and the connection ends', async () => {
  const receiver = await startReceiver()
  let isClosed = false
  receiver.answer = (_, response) => {
    response.writeHead(200).on('close', () => (isClosed = true))
    const more = () => {
      while (!isClosed && response.write('x'.repeat(10_000)));
      if (!isClosed) response.once('drain', more)
    }
    more()
  }
  const { status, body } = await sender(true).send(request(receiver.url), unhurried())
  expect([status, body.length]).toEqual([200, 2_048])
  await expect.poll(() => isClosed).toBe(true)
})

test('a status that is followed by nothing for too long stands; without any the time is up', async () => {
  const receiver = await startReceiver()
  receiver.answer = (_, response) => void response.writeHead(202).write('so far')
  expect(await sender(true).send(request(receiver.url), AbortSignal.timeout(300))).toEqual({
    status: 202,
    body: 'so far',
  })
  receiver.answer = () => {}
  await expect(sender(true).send(request(receiver.url), AbortSignal.timeout(300))).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})

test.each([
  ['in good time', 10_000],
  ['when the time for an answer is all but up', 300],
])('a 2xx whose body does not end is a delivery, %s', async (_, attemptMs) => {
  const receiver = await startReceiver()
  receiver.answer = (_, response) => void response.writeHead(200).write('so far')
  const outcomes: [string, Attempt][] = []
  const endpoint = { id: 'w', url: receiver.url, secrets: ['sealed'], failingForMs: null }
  const waiting = [{ id: '1', eventId: 'evt_1', endpoint, body: () => '{}', attempts: 0, waitedMs: 0 }]
  // No more of a queue is asked of here.
  const queue: Pick<DeliveryQueue, 'lanes' | 'next' | 'succeeded' | 'failed'> = {
    lanes: async () => (waiting.length === 0 ? [] : [{ lane: 'room:a', isDue: true }]),
    next: async () => waiting.shift() ?? null,
    succeeded: async (_, __, attempt) => void outcomes.push(['succeeded', attempt]),
    failed: async (_, __, attempt) => void outcomes.push(['failed', attempt]),
  }
  const delivery = new WebhookDelivery({
    ...{ queue: queue as DeliveryQueue, sender: sender(true), box: { open: () => makeWebhookSecret() } },
    ...{ notify: async () => {}, onAttempt: () => {}, logger: silentLogger, attemptMs },
  })
  const began = performance.now()
  await delivery.deliver('w', new AbortController().signal)
  expect(outcomes).toEqual([['succeeded', { status: 200, body: 'so far' }]])
  expect(performance.now() - began).toBeLessThan(6_000)
})

test('headers beyond all bounds, and what is no HTTP, are no answer; U+0000 is replaced', async () => {
  const receiver = await startReceiver()
  receiver.answer = (_, response) => response.writeHead(200, { x: 'y'.repeat(20_000) }).end()
  await expect(sender(true).send(request(receiver.url), unhurried())).rejects.toThrow(/Headers Overflow/)
  receiver.answer = (_, response) => response.writeHead(200).end('a\u0000b')
  expect(await sender(true).send(request(receiver.url), unhurried())).toEqual({ status: 200, body: 'a\ufffdb' })
  const nonsense = createServer((_, response) => response.socket?.end('220 mail.example.com\r\n'))
  nonsense.listen(0, '127.0.0.1')
  await once(nonsense, 'listening')
  onTeardown(() => void nonsense.close())
  const { port } = nonsense.address() as AddressInfo // a TCP server's address is always this
  await expect(sender(true).send(request(`http://127.0.0.1:${port}/`), unhurried())).rejects.toThrow()
})
