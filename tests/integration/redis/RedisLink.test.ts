import { expect, test } from 'vitest'
import { RedisLink } from '@/lib/redis/RedisLink'
import { silentLogger } from '@/services/shared/Logger'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

test('connections that end before their subscriptions are answered cost time only: in the end everything is heard', async () => {
  const server = await startTestRedis()
  const proxy = await TcpProxy.start(server.port)
  onTeardown(() => proxy.stop())
  const links = Array.from({ length: 10 }, () => {
    const link = new RedisLink({ urls: [`redis://127.0.0.1:${proxy.port}`], logger: silentLogger })
    onTeardown(() => link.stop())
    return link
  })
  const heard = links.map(() => new Set<string>())
  for (const [index, { forAdapter }] of links.entries()) {
    forAdapter.subscriber.on('pmessageBuffer', (_pattern: Buffer, _channel: Buffer, text: Buffer) =>
      heard[index]?.add(String(text)),
    )
    await forAdapter.subscriber.psubscribe('rooms#*')
  }
  await Promise.all(links.map((link) => link.start(5_000)))
  expect(links.every((link) => link.isUp)).toBe(true)

  // Each new connection ends after another number of bytes: some in the middle of their subscriptions.
  let connections = 0
  proxy.impose({
    cutAfterBytes: () => {
      connections += 1
      return 100 + ((connections * 37) % 700)
    },
  })
  proxy.resetAll()
  await waitFor(() => connections > 60, { timeoutMs: 30_000 })
  proxy.calm()
  proxy.resetAll()
  await waitFor(() => links.every((link) => link.isUp), { timeoutMs: 20_000 })
  await links[0]?.forAdapter.publisher.publish('rooms#1', 'after all')
  await waitFor(() => heard.every((texts) => texts.has('after all')))
})
