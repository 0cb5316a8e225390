import { type Namespace, namespaces } from '@/contracts/namespaces'
import { readEvent } from './binaryParser'
import type { MetricsCollector } from './MetricsCollector'
import type { SocketServer } from './sockets'

/** What is used of an Engine.IO connection. */
interface EngineConnection {
  on(event: 'packetCreate', listener: (packet: { type: string; data?: unknown }) => void): unknown
}

interface Outbound {
  namespace: Namespace
  event: string
  bytes: number
}

/** `2/chat,["receiveMessage",…`, with a number before the bracket when an acknowledgement is asked for. */
const EVENT_PACKET = /^[25](?:\d+-)?(\/[a-z]+),\d*\["([^"\\]{1,64})"/

/**
 * Counts the events that are written to clients, where they are written: whoever sent them and by whichever adapter they
 * came. A broadcast is one string (or buffer) for all its receivers, so it is looked at once.
 */
export function countOutbound(io: SocketServer, metrics: MetricsCollector): void {
  let last: unknown
  let outbound: Outbound | undefined
  io.engine.on('connection', (connection: EngineConnection) => {
    connection.on('packetCreate', ({ type, data }) => {
      if (type !== 'message') return
      if (data !== last) {
        last = data
        outbound = readPacket(data)
      }
      if (outbound) metrics.incrementMessages(outbound.namespace, outbound.event, 'outbound', outbound.bytes)
    })
  })
}

/** Undefined for what is no event: acknowledgements, handshakes. */
function readPacket(data: unknown): Outbound | undefined {
  if (typeof data !== 'string' && !Buffer.isBuffer(data)) return undefined
  const found = typeof data === 'string' ? readText(data) : readEvent(data)
  const namespace = namespaces.find((known) => known === found?.namespace)
  return found && namespace ? { namespace, event: found.event, bytes: Buffer.byteLength(data) } : undefined
}

function readText(data: string): { namespace: string; event: string } | undefined {
  // Acknowledgements are the most of the rest.
  if (data.startsWith('3')) return undefined
  const [, namespace, event] = EVENT_PACKET.exec(data) ?? []
  return namespace !== undefined && event !== undefined ? { namespace, event } : undefined
}
