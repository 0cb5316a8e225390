import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createSocketMetrics } from '@/lib/metrics/socket'
import { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'

function collecting() {
  const registry = new Registry()
  const collector = new MetricsCollector(createSocketMetrics(registry, 'test'))
  return {
    collector,
    lines: async () => {
      collector.sync()
      return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    },
  }
}

/** What a client that means harm could have counted under a name of its choice. */
function misuse(collector: MetricsCollector, name: string): void {
  for (const direction of ['inbound', 'outbound'] as const) collector.incrementMessages('/chat', name, direction, 10)
  collector.recordResponseTime('/chat', name, 5, 'NOT_FOUND')
  collector.decrementConnections('/chat', name)
  collector.incrementConnections('/chat', { connectMs: 10, reconnects: 1, [name]: name })
  collector.incrementConnections('/chat', name)
}

test('events and reasons of unknown names are counted as "other"', async () => {
  const { collector, lines } = collecting()
  for (const name of ['nonsense', 'constructor', '__proto__']) misuse(collector, name)
  const text = await lines()
  const other = 'namespace="/chat",event="other"'
  expect(text).toContain(`socket_messages_total{${other},direction="inbound",environment="test"} 3`)
  expect(text).toContain(`socket_messages_total{${other},direction="outbound",environment="test"} 3`)
  expect(text).toContain(`socket_disconnects_total{namespace="/chat",reason="other",environment="test"} 3`)
  expect(collector.countsByType()).toEqual({ other: 6 })
})

test('a known event and reason keep their names', async () => {
  const { collector, lines } = collecting()
  collector.incrementMessages('/chat', 'sendMessage', 'inbound', 10)
  collector.decrementConnections('/chat', 'transport close')
  const text = await lines()
  expect(text).toContain(
    'socket_messages_total{namespace="/chat",event="sendMessage",direction="inbound",environment="test"} 1',
  )
  expect(text).toContain('socket_disconnects_total{namespace="/chat",reason="transport_close",environment="test"} 1')
})

test('ten thousand made-up names make no more series than one, and none of them becomes a label', async () => {
  const { collector, lines } = collecting()
  misuse(collector, 'first')
  const series = (await lines()).length
  const ids = Array.from({ length: 10_000 }, () => randomUUID())
  for (const id of ids) misuse(collector, id)
  const text = await lines()
  expect(text).toHaveLength(series)
  expect(text.join('\n')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
})
