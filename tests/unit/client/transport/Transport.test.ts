import { expect, test } from 'vitest'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { NetworkError, NoAnswer } from '@/client/runtime/errors'
import { ACK_TIMEOUT_MS, type CommandLink, createTransport, GRACE_MS } from '@/client/transport/Transport'
import { adminCommands } from '@/contracts/admin'
import { type ChatMessage, chatCommands, chatQueries } from '@/contracts/chat'
import type { Command } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'

const stored: ChatMessage = {
  id: 'm1',
  roomId: 'r1',
  seq: 1,
  rev: 1,
  senderId: 'me',
  clientId: 'c1',
  message: 'hello',
  createdAt: '2026-01-01T00:00:00.000Z',
}
const input = { roomId: 'r1', message: 'hello', clientId: 'c1' }

/** A ladder whose rungs answer what the test says, and write down that they were tried. */
const ladder = (rungs: {
  socket: () => Promise<ChatMessage>
  http: () => Promise<ChatMessage>
  connected: boolean
}) => {
  const clock = new TestClock()
  const tried: string[] = []
  const changed = new EventEmitter()
  // What the rungs answer is of the command's form, which no type can promise for each of them.
  const link: CommandLink = {
    connected: rungs.connected,
    downSince: rungs.connected ? undefined : clock.now(),
    changed,
    reconnects: 0,
    call: (_command, _input, timeoutMs) => {
      tried.push(`socket for ${timeoutMs} ms`)
      return rungs.socket() as Promise<never>
    },
    abandon: () => tried.push('suspect'),
  }
  const call = () => {
    tried.push('HTTP')
    return rungs.http() as Promise<never>
  }
  const transport = createTransport({ http: { call }, linkOf: () => link, clock })
  const connect = () => {
    Object.assign(link, { connected: true, downSince: undefined, reconnects: link.reconnects + 1 })
    changed.emit()
  }
  const disconnect = () => {
    Object.assign(link, { connected: false, downSince: clock.now() })
    changed.emit()
  }
  const leave = () => {
    Object.assign(link, { connected: false, downSince: undefined })
    changed.emit()
  }
  const ask = (command: Command, input?: unknown) => transport.call(command, input)
  const noAnswer = () => tried.push('no answer')
  const send = () => transport.call(chatCommands.sendMessage, input)
  const sendTold = () => transport.call(chatCommands.sendMessage, input, { noAnswer })
  return { clock, tried, connect, disconnect, leave, ask, send, sendTold }
}

const never = () => Promise.reject(new Error('This rung is not reached.'))

test('while connected a command goes over the socket only', async () => {
  const { send, tried } = ladder({ connected: true, socket: async () => stored, http: never })

  expect(await send()).toEqual(stored)

  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`])
})

test('without acknowledgement in time the same goes over HTTP', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('timeout')),
    http: async () => stored,
  })

  expect(await send()).toEqual(stored)

  // It only looks open: whoever trusted it on would wait as long again, and hear nothing meanwhile.
  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP', 'suspect'])
})

test('an answer in another form than this page knows is one of another version: the same goes over HTTP', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NetworkError('The answer is not in the expected form.')),
    http: async () => stored,
  })

  expect(await send()).toEqual(stored)

  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP'])
})

test.each([
  ['the socket gave no answer', new NoAnswer('timeout'), new AppError('RATE_LIMITED'), 1],
  ['neither way gave one', new NoAnswer('timeout'), new NetworkError('The server was not reached.'), 2],
  ['the server said no', new AppError('OVERLOADED'), new Error('This rung is not reached.'), 0],
])(
  'whoever asks is told of each way that had no answer, also when the next one says no: %s',
  async (_what, socket, http, times) => {
    const { sendTold, tried } = ladder({
      connected: true,
      socket: () => Promise.reject(socket),
      http: () => Promise.reject(http),
    })

    await expect(sendTold()).rejects.toThrow()

    expect(tried.filter((what) => what === 'no answer')).toHaveLength(times)
  },
)

test('a connection over which other things arrive is kept: a narrow line gets no wider by connecting anew', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('late')),
    http: async () => stored,
  })

  expect(await send()).toEqual(stored)

  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP'])
})

test.each([
  ['has taken its place', ['disconnect', 'connect']],
  ['is about to take its place', ['disconnect']],
] as const)('a connection that %s while HTTP answers is left alone', async (_what, events) => {
  const stage = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('timeout')),
    http: async () => {
      for (const event of events) stage[event]()
      return stored
    },
  })

  expect(await stage.send()).toEqual(stored)

  expect(stage.tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP'])
})

test('where HTTP does not answer either, the connection is kept: the server may be slow', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('timeout')),
    http: () => Promise.reject(new AppError('UNAVAILABLE')),
  })

  await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' })

  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP'])
})

test('a refusal is an answer: nothing else is tried', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new AppError('OVERLOADED')),
    http: never,
  })

  await expect(send()).rejects.toMatchObject({ code: 'OVERLOADED' })

  expect(tried).toHaveLength(1)
})

test('a connection that is back within the grace time is used', async () => {
  const { send, tried, clock, connect } = ladder({ connected: false, socket: async () => stored, http: never })
  const sent = send()
  await clock.pass(GRACE_MS - 1)
  expect(tried).toEqual([])

  connect()

  expect(await sent).toEqual(stored)
  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`])
})

test('after the grace time without a connection commands go over HTTP, later ones at once', async () => {
  const { send, tried, clock } = ladder({ connected: false, socket: never, http: async () => stored })
  const sent = send()
  await clock.pass(GRACE_MS)
  await sent

  await send()

  expect(tried).toEqual(['HTTP', 'HTTP'])
})

test('a connection that goes away under the command is waited for, then HTTP takes over', async () => {
  const { send, tried, clock, disconnect } = ladder({
    connected: true,
    socket: () => {
      disconnect()
      return Promise.reject(new NoAnswer('disconnected'))
    },
    http: async () => stored,
  })
  const sent = send()
  await settled()
  expect(tried).toHaveLength(1)

  await clock.pass(GRACE_MS)

  expect(await sent).toEqual(stored)
  expect(tried).toEqual([`socket for ${ACK_TIMEOUT_MS} ms`, 'HTTP'])
})

test('what has no namespace goes over HTTP at once, whatever the socket does', async () => {
  const { ask, tried } = ladder({ connected: true, socket: never, http: async () => stored })

  await ask(chatQueries.listRooms, {})

  expect(tried).toEqual(['HTTP'])
})

test.each([
  ['no address', chatCommands.typing],
  ['an address of another port', adminCommands['admin:connections']],
])('what has %s waits for the socket for a moment, and is not answered without it', async (_what, command) => {
  const { ask, tried, clock, connect } = ladder({ connected: false, socket: async () => stored, http: never })
  const first = ask(command)
  await clock.pass(GRACE_MS - 1)
  connect()
  expect(await first).toEqual(stored)

  const offline = ladder({ connected: false, socket: never, http: never })
  const second = expect(offline.ask(command)).rejects.toMatchObject({ name: 'NoAnswer', reason: 'disconnected' })
  await offline.clock.pass(GRACE_MS)
  await second

  expect([tried, offline.tried]).toEqual([[`socket for ${ACK_TIMEOUT_MS} ms`], []])
})

test('a command of a page that is left meanwhile waits for nothing', async () => {
  const { send, tried, leave } = ladder({ connected: false, socket: never, http: async () => stored })
  const sent = send()
  leave()

  expect(await sent).toEqual(stored)
  expect(tried).toEqual(['HTTP'])
})
