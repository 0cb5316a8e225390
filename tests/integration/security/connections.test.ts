import { connect } from 'node:net'
import { io } from 'socket.io-client'
import { describe, expect, test } from 'vitest'
import { createHttpServer } from '@/server/socket/httpServer'
import type { SocketAppConfig } from '@/server/socket/SocketApp'
import { silentLogger } from '@/services/shared/Logger'
import { RawWebSocket } from '../../support/clients/RawWebSocket'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { startServers } from '../../support/servers/servers'
import { insertVisitors, type Visitor } from '../../support/servers/tickets'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const servers = await startServers()
const secret = process.env.SESSION_TOKEN_SECRET ?? ''
const someone = async (): Promise<Visitor> => {
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  if (!visitor) throw new Error('nobody was inserted')
  return visitor
}

async function start(limits: Partial<SocketAppConfig['connectionLimits']> = {}) {
  const connectionLimits = { process: null, perUser: null, perAddress: null, ...limits }
  const { url } = await servers.startSocket({ connectionLimits, trustedProxyHops: 1 })
  const open = async (address = '203.0.113.1') => {
    const socket = await RawWebSocket.open(url, { headers: { 'X-Forwarded-For': address } })
    onTeardown(() => socket.close())
    return socket
  }
  const join = async (visitor: Visitor, address?: string) => {
    const socket = await open(address)
    return { socket, answer: await socket.join('/chat', await visitor.ticket()) }
  }
  return { url, open, join }
}

const noPlace = { ok: false, code: 'OVERLOADED', data: { retryable: true, retryAfterMs: expect.any(Number) } }

describe('the connections', () => {
  test('of one person have a limit, which says so; one that goes makes room', async () => {
    const { join } = await start({ perUser: 20 })
    const [ada, grace] = [await someone(), await someone()]
    const tabs: RawWebSocket[] = []
    for (let i = 0; i < 20; i += 1) {
      const { socket, answer } = await join(ada)
      expect(answer).toMatchObject({ ok: true })
      expect(await socket.join('/notifications', await ada.ticket('/notifications'))).toMatchObject({ ok: true })
      tabs.push(socket)
    }
    const { socket, answer } = await join(ada)
    expect(answer).toMatchObject(noPlace)
    expect(answer.data?.message).toMatch(/Close another tab/)
    await socket.closed()
    expect(await join(grace)).toMatchObject({ answer: { ok: true } })

    tabs[0]?.close()
    await waitFor(async () => (await join(ada)).answer.ok)
  })

  test.each(['websocket', 'polling'] as const)(
    'of one person that are dead make room at once, over %s, and those that live stay',
    async (transport) => {
      const { url, join } = await start({ perUser: 4 })
      const ada = await someone()
      const proxy = await TcpProxy.start(Number(new URL(url).port))
      onTeardown(() => proxy.stop())
      const dead = Array.from({ length: 3 }, () =>
        io(`http://127.0.0.1:${proxy.port}/chat`, {
          auth: (answer) => void ada.ticket().then((token) => answer({ token })),
          transports: [transport],
          forceNew: true,
        }),
      )
      for (const client of dead) onTeardown(() => void client.disconnect())
      await waitFor(() => dead.every(({ connected }) => connected))
      const { socket: living } = await join(ada)
      proxy.impose({ admit: 'swallow' })
      proxy.silenceAll()
      const begun = performance.now()
      const newcomers = await Promise.all([join(ada), join(ada), join(ada)])
      expect(newcomers.map(({ answer }) => answer.ok)).toEqual([true, true, true])
      expect(performance.now() - begun).toBeLessThan(5_000)
      expect(await join(ada)).toMatchObject({ answer: noPlace })
      expect(living.isClosed).toBe(false)
    },
  )

  test('of one address have a limit, and of another their own', async () => {
    const { join } = await start({ perAddress: 3 })
    for (let i = 0; i < 3; i += 1) expect(await join(await someone())).toMatchObject({ answer: { ok: true } })
    const { socket, answer } = await join(await someone())
    expect(answer).toMatchObject(noPlace)
    await socket.closed()
    expect(await join(await someone(), '203.0.113.2')).toMatchObject({ answer: { ok: true } })
  })

  test('of a process have a limit, and beyond the places to be told there is not even an upgrade', async () => {
    const { join, open, url } = await start({ process: 2 })
    for (const address of ['203.0.113.1', '203.0.113.2']) await join(await someone(), address)
    expect(await join(await someone(), '203.0.113.3')).toMatchObject({ answer: noPlace })
    const waiting = await Promise.allSettled(Array.from({ length: 300 }, () => open('203.0.113.4')))
    const refused = waiting.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThanOrEqual(190)
    expect(refused[0]).toMatchObject({ reason: { status: 503 } })
    // A balancer may try another process, and nobody takes it for dead.
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    for (const result of waiting) if (result.status === 'fulfilled') result.value.close()
    await waitFor(async () => {
      const socket = await open('203.0.113.5')
      return (await socket.join('/chat', await (await someone()).ticket())).code === 'OVERLOADED'
    })
  })

  test('of whoever has no place wait: a page comes in by itself once there is one', async () => {
    const { url, join } = await start({ perUser: 1 })
    const ada = await someone()
    const { socket } = await join(ada)
    const page = io(`${url}/chat`, {
      auth: (answer) => void ada.ticket().then((token) => answer({ token })),
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 100,
    })
    onTeardown(() => void page.disconnect())
    page.on('connect_error', () => void setTimeout(() => page.connect(), 50))
    await new Promise((resolve) => page.once('connect_error', resolve))
    socket.close()
    await waitFor(() => page.connected)
  })
})

describe('before anybody has signed in on it, a connection', () => {
  const polls = async (url: string) => {
    const address = `${url}/socket.io/?EIO=4&transport=polling`
    const opened = await (await fetch(address)).text()
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string }
    const post = async (body: string) =>
      (await fetch(`${address}&sid=${sid}`, { method: 'POST', body }).catch(() => ({ status: 0 }))).status
    const poll = async () => (await fetch(`${address}&sid=${sid}`)).text()
    return { sid, post, poll }
  }

  test('may send 16 kB, and is closed with what is larger before it has all arrived', async () => {
    const { open } = await start()
    const ada = await someone()
    const large = await open()
    expect(await large.join('/chat', 'x'.repeat(15_000))).toMatchObject({ code: 'UNAUTHENTICATED' })

    const tooLarge = await open()
    tooLarge.send(`40/chat,${JSON.stringify({ token: await ada.ticket(), fill: 'x'.repeat(17_000) })}`)
    await tooLarge.closed()
    expect(tooLarge.heard.some((text) => /^4[04]\/chat/.test(text))).toBe(false)

    const slow = await open()
    slow.sendPart(`40/chat,"${'x'.repeat(17_000)}`, 100_000)
    await slow.closed()
    expect(slow.isClosed).toBe(true)
  })

  test('may not send it in many small frames either', async () => {
    const { open } = await start()
    const socket = await open()
    for (let i = 0; i < 40 && !socket.isClosed; i += 1) socket.send(`4${'x'.repeat(500)}`)
    await socket.closed()
    expect(socket.isClosed).toBe(true)
  })

  test('may not by long polling, nor by a WebSocket that joins it', async () => {
    const { url } = await start()
    expect(await (await polls(url)).post(`40/chat,${JSON.stringify({ token: 'x'.repeat(17_000) })}`)).toBe(413)
    const { sid } = await polls(url)
    const upgrade = await RawWebSocket.open(url, { query: `&sid=${sid}` })
    onTeardown(() => upgrade.close())
    upgrade.sendPart('2probe', 20_000)
    upgrade.sendPart('x'.repeat(17_000), 17_000)
    await upgrade.closed()
    expect(upgrade.isClosed).toBe(true)
  })

  test('is joined by one WebSocket at a time', async () => {
    const { url } = await start()
    const { sid } = await polls(url)
    const join = () => RawWebSocket.open(url, { query: `&sid=${sid}` })
    const first = await join()
    onTeardown(() => first.close())
    await expect(join()).rejects.toThrow(/closed|reset|hang up/i)
    first.close()
    const second = await waitFor(join)
    onTeardown(() => second.close())
    await expect(join()).rejects.toThrow(/closed|reset|hang up/i)
  })

  test('may stay for 10 s', async () => {
    const { open } = await start()
    const socket = await open()
    await socket.closed()
    expect(socket.isClosed).toBe(true)
  }, 20_000)
})

describe('once somebody has signed in on it, a connection', () => {
  const unknownRoom = (bytes: number) => ({ roomId: 'nowhere', message: 'x'.repeat(bytes), clientId: 'one' })

  test.each(['websocket', 'polling'] as const)('has the limits of everybody, over %s', async (transport) => {
    const { url } = await start()
    const ada = await someone()
    const client = io(`${url}/chat`, {
      auth: { token: await ada.ticket() },
      transports: [transport],
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => void client.disconnect())
    await waitFor(() => client.connected)
    // Beyond what a command may have, and below what the transport may.
    const reply: unknown = await client.timeout(5_000).emitWithAck('sendMessage', unknownRoom(100_000))
    expect(reply).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
    expect(client.connected).toBe(true)
    client.emit('sendMessage', unknownRoom(140_000))
    await waitFor(() => !client.connected)
  })

  test('keeps them when it changes from long polling to WebSocket', async () => {
    const { url } = await start()
    const ada = await someone()
    const client = io(`${url}/chat`, { auth: { token: await ada.ticket() }, forceNew: true, reconnection: false })
    onTeardown(() => void client.disconnect())
    await waitFor(() => client.connected && client.io.engine.transport.name === 'websocket')
    const reply: unknown = await client.timeout(5_000).emitWithAck('sendMessage', unknownRoom(100_000))
    expect(reply).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
  })
})

test.each(['websocket', 'polling'] as const)(
  'who sends without end over %s is read more slowly, and everything is answered in the end',
  async (transport) => {
    const { url } = await start()
    const ada = await someone()
    const client = io(`${url}/chat`, {
      auth: { token: await ada.ticket() },
      transports: [transport],
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => void client.disconnect())
    await waitFor(() => client.connected)
    const begun = performance.now()
    const large = { roomId: 'nowhere', message: 'x'.repeat(60_000), clientId: 'one' }
    const replies = await Promise.all(
      Array.from({ length: 60 }, () => client.timeout(20_000).emitWithAck('sendMessage', large)),
    )
    expect(replies).toHaveLength(60)
    // 3.6 MB: one at once, the others one a second.
    expect(performance.now() - begun).toBeGreaterThan(2_300)
    expect(client.connected).toBe(true)
  },
  30_000,
)

test('who sends their request too slowly is cut off, headers or body', async () => {
  const http = createHttpServer(silentLogger, 0, { headersMs: 200, requestMs: 400, checkMs: 50 })
  http.fastify.post('/', async () => 'answered')
  await http.listen(0, ['127.0.0.1'])
  onTeardown(() => http.close(async () => {}))
  for (const begun of [
    'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\nabc',
  ]) {
    const socket = connect(http.port, '127.0.0.1')
    onTeardown(() => void socket.destroy())
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.write(begun)
    await new Promise((resolve) => socket.once('close', resolve))
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  }
})

test('the server on this port has such timeouts', () => {
  const { server } = createHttpServer(silentLogger, 0).fastify
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000])
})
