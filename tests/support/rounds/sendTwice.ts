import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ChatMessage } from '@/contracts/chat'
import type { Acknowledgement, Typed } from '../checker/evidence'
import type { RawClient } from '../clients/RawClient'
import { oneOf, type Random } from '../workload/random'
import { inParallel } from './inParallel'

export interface SendTwiceOptions {
  /** Each is a member of all rooms. */
  senders: readonly RawClient[]
  roomIds: readonly string[]
  rounds: number
  random: Random
}

/** The second attempt follows up to this much later: before, during and after the first one's transaction. */
const longestGapMs = 6

/** Sends each message over the socket and, without knowing what became of that, over HTTP, with the same client id. */
export async function sendTwice(
  options: SendTwiceOptions,
): Promise<{ typed: Typed[]; acknowledgements: Acknowledgement[] }> {
  const { senders, roomIds, rounds, random } = options
  const typed: Typed[] = []
  const acknowledgements: Acknowledgement[] = []
  await inParallel(rounds, 24, async (index) => {
    const sender = oneOf(random, senders)
    const input = { roomId: oneOf(random, roomIds), message: `retry ${index}`, clientId: randomUUID() }
    const gapMs = random() < 0.3 ? 0 : random() * longestGapMs
    typed.push({ senderId: sender.person.id, roomId: input.roomId, text: input.message })
    const overSocket = sender.asked('sendMessage', input)
    if (gapMs > 0) await delay(gapMs)
    const [first, second] = await Promise.all([overSocket, sender.http('POST', '/api/chat/messages', input)])
    acknowledgements.push(first, ChatMessage.parse(second.body))
  })
  return { typed, acknowledgements }
}
