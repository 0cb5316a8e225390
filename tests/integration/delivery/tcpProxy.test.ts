import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { beforeEach, expect, test } from 'vitest'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import {
  refuseApplication,
  refuseUpgrades,
  resetInPlaceOfCommitAnswer,
  swallowUpgrades,
} from '../../support/proxy/taps'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

/** What the server behind the proxy received, and how each of its connections ended. */
let served: { socket: Socket; text: string; writes: number; ending?: string }[]
let proxy: TcpProxy

beforeEach(async () => {
  served = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const record: (typeof served)[number] = { socket, text: '', writes: 0 }
    served.push(record)
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      record.text += chunk.toString('latin1')
      record.writes += 1
    })
    socket.on('end', () => {
      record.ending = 'end'
      socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      record.ending = error.code ?? 'error'
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await TcpProxy.start((server.address() as AddressInfo).port) // a TCP server's address is always this
  onTeardown(async () => {
    await proxy.stop()
    for (const { socket } of served) socket.destroy()
    server.close()
  })
})

interface Caller {
  socket: Socket
  heard: () => string
  ending: () => string | undefined
}

async function call(): Promise<Caller> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  let heard = ''
  let ending: string | undefined
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
  })
  socket.on('end', () => {
    ending ??= 'end'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    ending = error.code
  })
  onTeardown(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  return { socket, heard: () => heard, ending: () => ending }
}

const behind = () => waitFor(() => served.at(-1), { what: 'the server to be called' })

test('without faults everything passes both ways, and an end is an end', async () => {
  const caller = await call()
  caller.socket.write('hello')
  const server = await behind()
  await waitFor(() => server.text === 'hello')
  server.socket.write('welcome')
  await waitFor(() => caller.heard() === 'welcome')
  caller.socket.end()
  await waitFor(() => server.ending === 'end' && caller.ending() === 'end')
})

test('a reset reaches both sides as a reset, and a drop as an end', async () => {
  const first = await call()
  const firstBehind = await behind()
  first.socket.write('x')
  await waitFor(() => firstBehind.text === 'x')
  proxy.resetAll()
  await waitFor(() => first.ending() === 'ECONNRESET' && firstBehind.ending === 'ECONNRESET')

  const second = await call()
  await waitFor(() => served.length === 2)
  second.socket.write('y')
  await waitFor(() => served[1]?.text === 'y')
  proxy.dropAll()
  await waitFor(() => second.ending() === 'end' && served[1]?.ending === 'end')
})

test('a silenced connection swallows both ways and hides that one side has left', async () => {
  const caller = await call()
  caller.socket.write('before')
  const server = await behind()
  await waitFor(() => server.text === 'before')
  proxy.silenceAll()
  caller.socket.write('lost')
  server.socket.write('lost too')
  server.socket.end()
  await once(server.socket, 'close')
  // A second connection through the same proxy shows that what was said on the first had every chance to arrive.
  const other = await call()
  other.socket.write('after')
  await waitFor(() => served[1]?.text === 'after')

  expect(server.text).toBe('before')
  expect(caller.heard()).toBe('')
  expect(caller.ending()).toBeUndefined()
})

test('a refused connection is reset at once, a swallowed one is never answered', async () => {
  proxy.impose({ admit: 'refuse' })
  const refused = connect({ port: proxy.port, host: '127.0.0.1' })
  const [error] = await once(refused, 'error')
  expect(error).toMatchObject({ code: 'ECONNRESET' })

  proxy.impose({ admit: 'swallow' })
  const swallowed = await call()
  swallowed.socket.write('anybody?')
  expect(served).toHaveLength(0)
  expect(swallowed.ending()).toBeUndefined()
  proxy.calm()
  await waitFor(() => swallowed.ending() === 'ECONNRESET')
})

test('bytes can be passed on one at a time, in order', async () => {
  proxy.impose({ sliceBytes: 1 })
  const caller = await call()
  caller.socket.write('one at a time')
  const server = await behind()
  await waitFor(() => server.text === 'one at a time')
  expect(server.writes).toBeGreaterThan(5)
})

test('what passes can be delayed', async () => {
  proxy.impose({ delayMs: 80 })
  const caller = await call()
  const since = performance.now()
  caller.socket.write('late')
  const server = await behind()
  await waitFor(() => server.text === 'late')
  expect(performance.now() - since).toBeGreaterThanOrEqual(75)
})

test('a connection can be cut after so many bytes', async () => {
  proxy.impose({ cutAfterBytes: () => 4 })
  const caller = await call()
  caller.socket.write('123456')
  await waitFor(() => caller.ending() === 'ECONNRESET')
  expect((await behind()).text.length).toBeLessThanOrEqual(4)
})

test('a side that is not read any more feels it', async () => {
  await call()
  const server = await behind()
  proxy.links[0]?.stall('server')
  const chunk = Buffer.alloc(1_000_000)
  await waitFor(() => !server.socket.write(chunk) && server.socket.writableLength > 10_000_000)
  proxy.links[0]?.resume()
  await waitFor(() => server.socket.writableLength === 0)
})

const upgrade = 'GET /socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

test('a WebSocket upgrade can be refused or swallowed while plain requests pass', async () => {
  proxy.impose({ tap: refuseUpgrades() })
  const plain = await call()
  plain.socket.write('GET / HTTP/1.1\r\n\r\n')
  await waitFor(() => served[0]?.text.startsWith('GET / '))
  const refused = await call()
  refused.socket.write(upgrade)
  await waitFor(() => refused.heard().startsWith('HTTP/1.1 400 ') && refused.ending() === 'end')

  proxy.impose({ tap: swallowUpgrades() })
  const swallowed = await call()
  swallowed.socket.write(upgrade)
  plain.socket.write('more')
  await waitFor(() => served[0]?.text.endsWith('more'))
  expect(served.map(({ text }) => text).join('')).not.toContain('Upgrade')
  expect(swallowed.ending()).toBeUndefined()
})

test('the answer to a commit can be swallowed, and the connection reset in its place', async () => {
  let resets = 0
  proxy.impose({
    tap: resetInPlaceOfCommitAnswer(
      () => true,
      () => {
        resets += 1
      },
    ),
  })
  const caller = await call()
  const server = await behind()
  caller.socket.write('SELECT 1')
  await waitFor(() => server.text === 'SELECT 1')
  server.socket.write('one')
  await waitFor(() => caller.heard() === 'one')
  caller.socket.write('SELECT * FROM insert_messages(…)')
  await waitFor(() => server.text.includes('insert_messages'))
  server.socket.write(Buffer.concat([Buffer.from('rows'), Buffer.from([0x5a, 0, 0, 0, 5, 0x49])]))
  await waitFor(() => caller.ending() === 'ECONNRESET')
  expect(caller.heard()).toBe('one')
  expect(resets).toBe(1)
})

test('one application of a database can be refused by its name', async () => {
  proxy.impose({ tap: refuseApplication('tandem-listen') })
  const listener = await call()
  listener.socket.write('…application_name\0tandem-listen\0\0')
  const pool = await call()
  pool.socket.write('…application_name\0tandem-socket\0\0')
  await waitFor(() => listener.ending() === 'ECONNRESET')
  await waitFor(() => served.some(({ text }) => text.includes('tandem-socket')))
  expect(pool.ending()).toBeUndefined()
})

test('with several targets it shares connections out, past those that accept none', async () => {
  const answering = await Promise.all(
    ['one', 'other'].map(async (name) => {
      const server = createServer((socket) => socket.end(name))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { server, port: (server.address() as AddressInfo).port } // a TCP server's address is always this
    }),
  )
  const [one, other] = answering
  if (!one || !other) throw new Error('Two servers were asked for.')
  proxy = await TcpProxy.start(one.port, other.port)
  onTeardown(async () => {
    await proxy.stop()
    for (const { server } of answering) server.close()
  })
  const answer = async () => {
    const caller = await call()
    await waitFor(() => caller.ending() !== undefined)
    return caller.heard()
  }
  const first = await answer()
  expect(new Set([first, await answer()])).toEqual(new Set(['one', 'other']))
  one.server.close()
  await once(one.server, 'close')
  expect([await answer(), await answer()]).toEqual(['other', 'other'])
  other.server.close()
  await once(other.server, 'close')
  expect(await answer()).toBe('')
})
