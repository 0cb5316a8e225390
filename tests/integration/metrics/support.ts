import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { vi } from 'vitest'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import { AdapterPeers } from '@/lib/sockets/peers/AdapterPeers'
import type { SocketAppExtras } from '@/server/socket/app'
import { silentLogger } from '@/services/shared/Logger'
import type { TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'

/** Registers somebody who may administer. */
export async function adminUser(servers: TestServers, name = 'Ada'): Promise<TestUser> {
  const user = await servers.user(name)
  await servers.db.query("UPDATE users SET role = 'admin' WHERE id = $1", [user.id])
  return user
}

/** What puts a socket process on the bus of this Redis: Socket.IO's adapter, and the questions of instances over it. */
export async function busOver(redisUrl: string): Promise<NonNullable<SocketAppExtras['redis']>> {
  const pub = new Redis(redisUrl, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => 50 })
  const sub = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 50 })
  for (const client of [pub, sub]) client.on('error', () => {})
  await Promise.all([pub.connect(), sub.connect()])
  onTeardown(() => {
    pub.disconnect()
    sub.disconnect()
  })
  // The adapter does not await what it publishes: without this a Redis that is gone ends the process.
  const publish = pub.publish.bind(pub)
  pub.publish = (...args: Parameters<typeof publish>) => publish(...args).catch(() => 0)
  const isUp = () => pub.status === 'ready' && sub.status === 'ready'
  return {
    state: () => ({ configured: true, connected: isUp(), latencyMs: isUp() ? 1 : undefined }),
    peers: (io: SocketServer) => {
      io.adapter(createAdapter(pub, sub))
      return new AdapterPeers({ io, isUp, logger: silentLogger })
    },
  }
}

/** The value of one series of a text exposition; labels in any order. Undefined: there is none. */
export function seriesValue(text: string, name: string, labels: Record<string, string>): number | undefined {
  const wanted = Object.entries({ ...labels, environment: 'test' }).map(([key, value]) => `${key}="${value}"`)
  const line = text
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}{`) && wanted.every((label) => candidate.includes(label)))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

/** Keeps what winston prints out of the test's output; returns the lines. */
export function muteStdout(): string[] {
  const printed: string[] = []
  const { _stdout: stdout } = console as unknown as { _stdout: NodeJS.WriteStream } // Node has it, its types do not
  vi.spyOn(stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  return printed
}
