import { expect, test } from 'vitest'
import type { ChatApi } from '@/client/chat/chatApi'
import { NoAnswer } from '@/client/transport/errors'
import { Signal } from '@/client/transport/Signal'
import { ackTimeoutMs, type CommandSocket, createSendCommand, graceMs } from '@/client/transport/sendCommand'
import type { ChatMessage } from '@/contracts/chat'
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
  const changed = new Signal()
  const socket: CommandSocket = {
    connected: rungs.connected,
    downSince: rungs.connected ? undefined : clock.now(),
    changed,
    // Only sendMessage is sent here.
    call: (async (_name: string, _input: unknown, timeoutMs: number) => {
      tried.push(`socket for ${timeoutMs} ms`)
      return rungs.socket()
    }) as unknown as CommandSocket['call'],
  }
  const api = {
    command: async () => {
      tried.push('HTTP')
      return rungs.http()
    },
  } as unknown as ChatApi // likewise
  const connect = () => {
    Object.assign(socket, { connected: true, downSince: undefined })
    changed.emit()
  }
  const disconnect = () => {
    Object.assign(socket, { connected: false, downSince: clock.now() })
    changed.emit()
  }
  return {
    clock,
    tried,
    connect,
    disconnect,
    send: () => createSendCommand({ socket, api, clock, suspect: () => tried.push('suspect') })('sendMessage', input),
  }
}

const never = () => Promise.reject(new Error('This rung is not reached.'))

test('while connected a command goes over the socket only', async () => {
  const { send, tried } = ladder({ connected: true, socket: async () => stored, http: never })

  expect(await send()).toEqual(stored)

  expect(tried).toEqual([`socket for ${ackTimeoutMs} ms`])
})

test('without acknowledgement in time the same goes over HTTP', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('timeout')),
    http: async () => stored,
  })

  expect(await send()).toEqual(stored)

  // It only looks open: whoever trusted it on would wait as long again, and hear nothing meanwhile.
  expect(tried).toEqual([`socket for ${ackTimeoutMs} ms`, 'HTTP', 'suspect'])
})

test('where HTTP does not answer either, the connection is kept: the server may be slow', async () => {
  const { send, tried } = ladder({
    connected: true,
    socket: () => Promise.reject(new NoAnswer('timeout')),
    http: () => Promise.reject(new AppError('UNAVAILABLE')),
  })

  await expect(send()).rejects.toMatchObject({ code: 'UNAVAILABLE' })

  expect(tried).toEqual([`socket for ${ackTimeoutMs} ms`, 'HTTP'])
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
  await clock.pass(graceMs - 1)
  expect(tried).toEqual([])

  connect()

  expect(await sent).toEqual(stored)
  expect(tried).toEqual([`socket for ${ackTimeoutMs} ms`])
})

test('after the grace time without a connection commands go over HTTP, later ones at once', async () => {
  const { send, tried, clock } = ladder({ connected: false, socket: never, http: async () => stored })
  const sent = send()
  await clock.pass(graceMs)
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

  await clock.pass(graceMs)

  expect(await sent).toEqual(stored)
  expect(tried).toEqual([`socket for ${ackTimeoutMs} ms`, 'HTTP'])
})
