import * as msgpack from 'socket.io-msgpack-parser'

/** Of Socket.IO itself: the package's own type knows nothing of events. */
interface Packet {
  type: number
  nsp: string
  data?: unknown
}

/** What Socket.IO tells a socket itself. Its own parser refuses a client that sends them; this one's does not. */
const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']

const isEvent = ({ type }: Packet) => type === msgpack.PacketType.EVENT

/** The name of an event; undefined for a packet that is none. */
const eventOf = (packet: Packet): string | undefined => {
  const [name]: unknown[] = isEvent(packet) && Array.isArray(packet.data) ? packet.data : []
  return typeof name === 'string' ? name : undefined
}

class Decoder extends msgpack.Decoder {
  override checkPacket(packet: Packet): void {
    super.checkPacket(packet)
    const name = eventOf(packet)
    if (isEvent(packet) && (name === undefined || RESERVED.includes(name))) throw new Error('invalid payload')
  }
}

/** Socket.IO's packets as MessagePack, for `SOCKET_PARSER=msgpack`: in place of JSON, at both ends. */
export const binaryParser = { ...msgpack, Decoder }

/** The event that a packet tells; undefined for what is none. */
export function readEvent(data: Uint8Array): { namespace: string; event: string } | undefined {
  let found: { namespace: string; event: string } | undefined
  const decoder = new msgpack.Decoder()
  decoder.on('decoded', (packet: Packet) => {
    const event = eventOf(packet)
    if (event !== undefined) found = { namespace: packet.nsp, event }
  })
  decoder.add(data)
  return found
}
