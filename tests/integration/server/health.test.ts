import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { namespaces } from '@/contracts/namespaces'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

const get = async (path: string) => {
  const response = await fetch(servers.sockets[0].url + path)
  return { status: response.status, body: await response.json() }
}

test('/health says who answers, on which port, for how long', async () => {
  expect(await get('/health')).toEqual({
    status: 200,
    body: {
      status: 'ok',
      service: 'websocket',
      uptime: expect.any(Number),
      port: Number(new URL(servers.sockets[0].url).port),
      environment: 'test',
    },
  })
  expect(await get('/health/live')).toMatchObject({ status: 200 })
  expect(await get('/health/ready')).toEqual({
    status: 200,
    body: { status: 'ok', namespaces: [...namespaces] },
  })
  expect(await get('/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
})

test('a server without its database is alive but not ready', async () => {
  const { url } = await servers.startSocket({ databaseUrl: 'postgresql://nobody:x@127.0.0.1:1/none' })
  expect((await fetch(`${url}/health`)).status).toBe(200)
  const ready = await fetch(`${url}/health/ready`)
  expect(ready.status).toBe(503)
  expect(await ready.json()).toMatchObject({ status: 'unavailable' })
})

test('a server that is stopped finishes what it was asked, then closes its clients so that they reconnect', async () => {
  const { url, app } = await servers.startSocket()
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const client = await ada.connect({ url })
  const reasons: string[] = []
  client.on('disconnect', (reason) => reasons.push(reason))

  const sends = Array.from({ length: 50 }, (_, i) =>
    ask(client, 'sendMessage', { roomId, message: `last words ${i}`, clientId: randomUUID() }),
  )
  await sends[0] // the others are under way
  const closed = app.close()

  expect((await Promise.all(sends)).map((reply) => reply.ok)).toEqual(sends.map(() => true))
  await closed
  await waitFor(() => reasons.length > 0)
  expect(['transport close', 'transport error']).toContain(reasons[0]) // the reasons after which clients reconnect
  await expect(fetch(`${url}/health`)).rejects.toThrow()
})
