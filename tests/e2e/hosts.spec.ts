import { networkInterfaces } from 'node:os'
import { LOOPBACKS } from '@/lib/env/hosts'
import { availableHosts } from '@/lib/http/listenOn'
import { expect, test } from './support/fixtures'

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

const { E2E_PORT, E2E_SOCKET_PORT } = process.env

test('pages and sockets answer on both loopbacks of this machine, and on no other address', async () => {
  for (const path of [`:${E2E_PORT}/api/health`, `:${E2E_SOCKET_PORT}/health/ready`]) {
    for (const host of await availableHosts(LOOPBACKS)) {
      const name = host.includes(':') ? `[${host}]` : host
      expect((await fetch(`http://${name}${path}`)).status).toBe(200)
    }
    if (outside) await expect(fetch(`http://${outside}${path}`)).rejects.toThrow()
  }
})
