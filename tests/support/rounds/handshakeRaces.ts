import { randomUUID } from 'node:crypto'
import { waitUntil } from '../../../scripts/support/processes'
import type { RawClient } from '../clients/RawClient'

export interface HandshakeRacesOptions {
  writer: RawClient
  /** A member of the room. */
  reader: RawClient
  roomId: string
  rounds: number
}

const arrivalMs = 3_000

/**
 * Reconnects again and again while messages are being sent. Everything stored after CONNECT was answered must be heard
 * live; resolves to one sentence for each round where something was not.
 */
export async function handshakeRaces({ writer, reader, roomId, rounds }: HandshakeRacesOptions): Promise<string[]> {
  const missing: string[] = []
  let over = false
  const writing = (async () => {
    for (let n = 0; !over; n += 1) {
      await writer.asked('sendMessage', { roomId, message: `handshake ${n}`, clientId: randomUUID() })
    }
  })()
  try {
    for (let round = 0; round < rounds; round += 1) {
      reader.takeHeard(roomId)
      await reader.reconnect()
      const { rooms } = await reader.asked('syncRooms', { rooms: { [roomId]: await lastRevOf(reader, roomId) } })
      const room = rooms[roomId]
      if (!room || !('messages' in room)) throw new Error(`Changes were expected, not ${JSON.stringify(room)}.`)
      const heard = new Set<string>()
      const hasAll = () => {
        for (const message of reader.takeHeard(roomId)) heard.add(message.id)
        return room.messages.every((message) => heard.has(message.id))
      }
      if (!(await waitUntil(hasAll, { timeoutMs: arrivalMs, everyMs: 5 }))) {
        missing.push(`round ${round}: messages stored after the handshake were not heard`)
      }
    }
  } finally {
    over = true
    await writing
  }
  return missing
}

/** Asked after the handshake: what comes later must be heard. */
async function lastRevOf(reader: RawClient, roomId: string): Promise<number> {
  const { rooms } = await reader.asked('ping', undefined)
  return rooms[roomId]?.lastRev ?? 0
}
