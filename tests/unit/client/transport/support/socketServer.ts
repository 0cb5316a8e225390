import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type ServerOptions } from 'socket.io'
import { onTestFinished } from 'vitest'
import { type Clock, systemClock } from '@/client/runtime/clock'
import { createManager } from '@/client/transport/ManagerLink'
import { type ChatLink, SocketClient } from '@/client/transport/SocketClient'
import type { FetchToken, SessionToken } from '@/client/transport/TokenCache'

import type { AppError } from '@/contracts/errors'
import { pageContracts } from '@/contracts/events'
import { waitFor } from '../../../../support/waitFor'
import { testRuntime } from '../../support/testRuntime'

interface Handshake {
  token: unknown
  answer: 'let in' | AppError
}

/** A real socket server that lets in whom the test lets in, and keeps every handshake. */
export const startServer = async (options: Partial<ServerOptions> = {}, port = 0) => {
  const http = createServer()
  const io = new Server(http, { serveClient: false, ...options })
  const handshakes: Handshake[] = []
  const door: { refuse: AppError | undefined } = { refuse: undefined }
  io.of('/chat').use((socket, next) => {
    const { refuse } = door
    handshakes.push({ token: socket.handshake.auth.token, answer: refuse ?? 'let in' })
    next(refuse && Object.assign(new Error(refuse.message), { data: refuse.toWire('correlation') }))
  })
  io.of('/notifications')
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  const { port: actual } = http.address() as AddressInfo // a TCP server's address is always this
  const stop = () => io.close()
  onTestFinished(() => stop())
  return { http, io, door, handshakes, port: actual, url: `http://127.0.0.1:${actual}`, stop }
}

/** Tokens count up: every handshake needs its own. */
export const countTokens = (url: () => string) => {
  let count = 0
  const fetchToken: FetchToken = async (): Promise<SessionToken> => {
    count += 1
    return { token: `token ${count}`, expiresAt: '2026-01-01T00:00:00.000Z', url: url() }
  }
  return fetchToken
}

export const openClient = (fetchToken: FetchToken, attemptMs = 20_000, clock: Clock = systemClock) => {
  const runtime = testRuntime({ clock, random: () => 0.05 }) // short waits
  const client = new SocketClient(runtime, {
    fetchToken,
    createManager: (url, options) => createManager(url, { ...options, timeout: attemptMs }),
  })
  const link = client.open('/chat', pageContracts['/chat'].events)
  link.start()
  onTestFinished(() => client.stop())
  return { client, link, wake: runtime.wake, runtime }
}

export const untilConnected = (link: ChatLink) => waitFor(() => link.connected)
