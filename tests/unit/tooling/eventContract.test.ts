import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { expect, it, onTestFinished } from 'vitest'
import { faultOf, holdToContract } from '../../support/servers/eventContract'
import { takeFaults } from '../../support/traffic/faults'
import { waitFor } from '../../support/waitFor'

it.each([
  ['/chat', 'receivedMessage', {}, /in no contract/],
  ['/elsewhere', 'receiveMessage', {}, /in no contract/],
  // Each namespace has its own.
  ['/notifications', 'receiveMessage', {}, /in no contract/],
  ['/chat', 'messagesRead', { roomId: 'r', userId: 'u', count: -1, lastReadSeq: 1 }, /count/],
  ['/chat', 'rateLimitWarning', { remaining: 1, secret: 'x' }, /fields that the contract does not name/],
])('%s %s %j is a fault', (namespace, event, payload, words) => {
  expect(faultOf(namespace, [event, payload])).toMatch(words)
})

it('an event without its payload, or with a second, is a fault; one as declared is none', () => {
  const payload = { roomId: 'r', userId: 'u', count: 0, lastReadSeq: 1 }
  expect(faultOf('/chat', ['messagesRead'])).toMatch(/0 payloads/)
  expect(faultOf('/chat', ['messagesRead', payload, payload])).toMatch(/2 payloads/)
  expect(faultOf('/chat', ['messagesRead', payload])).toBeUndefined()
})

it('what really comes over a connection is looked at, whether anybody listens to it or not', async () => {
  const http = createServer().listen(0, '127.0.0.1')
  const server = new Server(http)
  onTestFinished(() => void server.close())
  server.of('/chat').on('connection', (socket) => {
    socket.emit('rateLimitWarning', { remaining: 3 })
    socket.emit('rateLimitWarning', { remaining: 'three' })
    socket.emit('last')
  })
  await waitFor(() => http.listening)
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  const client = io(`http://127.0.0.1:${port}/chat`, { transports: ['websocket'], forceNew: true })
  onTestFinished(() => void client.disconnect())
  holdToContract(client.io)
  await new Promise<void>((resolve) => client.once('last', () => resolve()))
  expect(takeFaults()).toEqual([
    expect.stringContaining('/chat rateLimitWarning: '),
    expect.stringContaining('/chat last: it is in no contract'),
  ])
})
