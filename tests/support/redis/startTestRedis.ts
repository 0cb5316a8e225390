import { onTeardown } from '../teardown'
import { RedisServer } from './RedisServer'

/** A redis-server of one's own, gone after the test that asked for it, or after the file if asked for outside a test. */
export async function startTestRedis(): Promise<RedisServer> {
  const server = await RedisServer.start()
  onTeardown(() => server.kill())
  return server
}
