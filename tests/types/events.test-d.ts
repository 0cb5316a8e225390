/**
 * Compiled, never run (`pnpm check:types`): what must not compile stands under `@ts-expect-error`, which is itself an
 * error as soon as the line below it compiles.
 */
import type { Namespace, Socket as ServerSocket } from 'socket.io'
import type { Socket as ClientSocket } from 'socket.io-client'
import type { ChatMessage } from '@/contracts/chat'
import type { ChatClientEvents, ChatServerEvents } from '@/contracts/events'

declare const client: ClientSocket<ChatServerEvents, ChatClientEvents>
declare const server: ServerSocket<ChatClientEvents, ChatServerEvents>
declare const namespace: Namespace<ChatClientEvents, ChatServerEvents>
declare const message: ChatMessage

export function limits(): void {
  server.emit('rateLimitWarning', { remaining: 3 })
  server.emit('rateLimitExceeded', { blockedUntilMs: 1, retryAfterSec: 1, remaining: 0 })
  // @ts-expect-error when to come back is part of it
  server.emit('rateLimitExceeded', { remaining: 0 })
  client.on('rateLimitWarning', (warning) => warning.remaining satisfies number)
  // @ts-expect-error clients do not speak of limits
  client.emit('rateLimitWarning', { remaining: 3 })
}

export function clientCommands(): void {
  client.emit('sendMessage', { roomId: 'r', message: 'Hello', clientId: 'c' }, (reply) => {
    if (reply.ok) reply.data.seq satisfies number
    else reply.error.retryable satisfies boolean
    // @ts-expect-error data is there only when ok says so
    reply.data
  })
  // @ts-expect-error there is no such command
  client.emit('send_message', { roomId: 'r', message: 'Hello', clientId: 'c' }, () => {})
  // @ts-expect-error the clientId is missing
  client.emit('sendMessage', { roomId: 'r', message: 'Hello' }, () => {})
  // @ts-expect-error a message is text
  client.emit('sendMessage', { roomId: 'r', message: 5, clientId: 'c' }, () => {})
  // @ts-expect-error a read position is a number
  client.emit('markMessagesRead', { roomId: 'r', upToSeq: '5' }, () => {})
  // @ts-expect-error rooms are told apart by id
  client.emit('joinRoom', { room: 'r' }, () => {})
  // @ts-expect-error only the server sends this
  client.emit('receiveMessage', message)
}

export function clientEvents(): void {
  client.on('receiveMessage', (received) => received satisfies ChatMessage)
  client.on('commandError', (error) => error.correlationId satisfies string)
  // @ts-expect-error there is no such event
  client.on('new_message', () => {})
  // @ts-expect-error the payload is a message, not a text
  client.on('receiveMessage', (received: string) => received)
}

export function serverEvents(): void {
  server.emit('receiveMessage', message)
  namespace.to('room:r').emit('messagesRead', { roomId: 'r', userId: 'u', count: 1, lastReadSeq: 1 })
  // @ts-expect-error there is no such event
  server.emit('messageReceived', message)
  // @ts-expect-error seq is missing
  server.emit('receiveMessage', { id: 'm', roomId: 'r' })
  // @ts-expect-error count is missing
  namespace.to('room:r').emit('messagesRead', { roomId: 'r', userId: 'u', lastReadSeq: 1 })
  // @ts-expect-error only clients send this
  server.emit('sendMessage', { roomId: 'r', message: 'Hello', clientId: 'c' }, () => {})
}

export function serverCommands(): void {
  server.on('sendMessage', ({ message: text }, acknowledge) => {
    text satisfies string
    acknowledge({ ok: true, data: message })
    // @ts-expect-error the answer is the whole message
    acknowledge({ ok: true, data: { id: 'm' } })
    // @ts-expect-error an error is a WireError
    acknowledge({ ok: false, error: 'No.' })
  })
  // @ts-expect-error there is no such command
  server.on('send_message', () => {})
}
