import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { waitUntil } from '../../../scripts/support/processes'
import type { RawClient } from '../clients/RawClient'
import { insertGroup } from '../workload/people'
import { oneOf, type Random } from '../workload/random'
import { inParallel } from './inParallel'

export interface JoinRacesOptions {
  db: pg.Pool
  writer: RawClient
  /** Connected before the rooms exist, so that joining is what brings them in. */
  joiners: readonly RawClient[]
  rounds: number
  random: Random
}

const messagesEach = 3
/** An event that was emitted takes far less. */
const arrivalMs = 3_000

/**
 * Joins a room, or asks what it missed, while messages are being sent to it; what the answer holds and what is heard live
 * must be all of them. Resolves to one sentence for each message that was missing.
 */
export async function joinRaces({ db, writer, joiners, rounds, random }: JoinRacesOptions): Promise<string[]> {
  const missing: string[] = []
  await inParallel(rounds, 32, async (index) => {
    const joiner = oneOf(random, joiners)
    const roomId = await insertGroup(db, 'race', [writer.person, joiner.person])
    const joinAfter = Math.floor(random() * messagesEach)
    const seen = new Set<string>()
    let joining: Promise<void> | undefined
    for (let n = 0; n < messagesEach; n += 1) {
      if (n === joinAfter) joining = random() < 0.5 ? join(joiner, roomId, seen) : sync(joiner, roomId, seen)
      await writer.asked('sendMessage', { roomId, message: `race ${index}/${n}`, clientId: randomUUID() })
    }
    await joining
    const isComplete = () => {
      for (const message of joiner.takeHeard(roomId)) seen.add(message.id)
      return seen.size === messagesEach
    }
    if (!(await waitUntil(isComplete, { timeoutMs: arrivalMs, everyMs: 5 }))) {
      missing.push(`round ${index}: ${messagesEach - seen.size} of ${messagesEach} messages missing after joining`)
    }
  })
  return missing
}

async function join(joiner: RawClient, roomId: string, seen: Set<string>): Promise<void> {
  const { messages } = await joiner.asked('joinRoom', { roomId })
  for (const message of messages) seen.add(message.id)
}

async function sync(joiner: RawClient, roomId: string, seen: Set<string>): Promise<void> {
  const { rooms } = await joiner.asked('syncRooms', { rooms: { [roomId]: 0 } })
  const room = rooms[roomId]
  if (!room || !('messages' in room)) throw new Error(`Changes were expected, not ${JSON.stringify(room)}.`)
  for (const message of room.messages) seen.add(message.id)
}
