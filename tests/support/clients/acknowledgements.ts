import { ChatMessage } from '@/contracts/chat'

/** Socket.IO's number for an acknowledgement. */
const ACK = 3

/** The message that a packet from the server acknowledges; undefined for every other packet, refusals among them. */
export function acknowledgedIn(packet: { type: number; data?: unknown }): ChatMessage | undefined {
  if (packet.type !== ACK || !Array.isArray(packet.data)) return undefined
  const [reply]: unknown[] = packet.data
  if (typeof reply !== 'object' || reply === null || !('ok' in reply) || reply.ok !== true) return undefined
  // Answers to other commands have another form.
  return ChatMessage.safeParse('data' in reply ? reply.data : undefined).data
}
