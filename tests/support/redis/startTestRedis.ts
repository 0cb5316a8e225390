import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { onTeardown } from '../teardown'
import { waitFor } from '../waitFor'
import { RedisServer } from './RedisServer'

/** A redis-server of one's own, gone after the test that asked for it, or after the file if asked for outside a test. */
export async function startTestRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const server = await RedisServer.start(settings)
  onTeardown(() => server.kill())
  return server
}

const SLOTS = 16_384

/** A cluster of three nodes, the slots shared among them; resolves with their addresses when it accepts commands. */
export async function startTestRedisCluster(): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-redis-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const nodes = await Promise.all(
    [0, 1, 2].map((i) =>
      startTestRedis(['--dir', dir, '--cluster-enabled', 'yes', '--cluster-config-file', `node-${i}.conf`]),
    ),
  )
  const clients = nodes.map((node) => new Redis(node.url))
  onTeardown(() => {
    for (const client of clients) client.disconnect()
  })
  await Promise.all(
    clients.map(async (client, i) => {
      const [from, to] = [i, i + 1].map((share) => Math.floor((share * SLOTS) / clients.length))
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1))
      for (const node of nodes) await client.call('CLUSTER', 'MEET', '127.0.0.1', String(node.port))
    }),
  )
  const isReady = async (client: Redis) => String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')
  await waitFor(async () => (await Promise.all(clients.map(isReady))).every(Boolean), {
    what: 'the cluster to accept commands',
    timeoutMs: 20_000,
  })
  return nodes.map((node) => node.url)
}
