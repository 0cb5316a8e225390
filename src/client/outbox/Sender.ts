import pLimit from 'p-limit'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import type { EventEmitter } from '../runtime/EventEmitter'
import { isFinal, isSignedOut, limitedForMs, NoAnswer, wireFromError } from '../runtime/errors'
import { BackgroundTask } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import { personAt } from './address'
import type { OutboxEntry, Step } from './database'
import { attempted, failed, hasClientIdOfAnother, limitOf, refused, versionsOf, wasNotTaken } from './entries'
import type { OutboxQueue } from './OutboxQueue'
import type { OutboxStorage } from './OutboxStorage'
import type { LimitName, SendLimit } from './SendLimit'

/** Attempts of different rooms that may be under way at once. */
const ROOMS_AT_ONCE = 4

/** How an entry gets to the server. */
export interface Delivery {
  /** The page has no network: nothing would arrive. */
  isCutOff(): boolean
  /** Resolves to the message as the server has it. @throws as `Transport.call` does. @param noAnswer - as there. */
  send(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage>
  /** Resolves to the direct conversation with this person, made if need be. @throws as `Transport.call` does. */
  findRoom(personId: string): Promise<RoomData>
}

export interface SenderDeps {
  delivery: Delivery
  queue: OutboxQueue
  limits: Readonly<Record<LimitName, SendLimit>>
  storage: Pick<OutboxStorage, 'lock'>
  /** Messages of this person that were seen in the server's table, however that became known. */
  acknowledged: EventEmitter<[ChatMessage]>
  /** The server answered that it has the message, or has made the change. */
  done(entry: OutboxEntry, message: ChatMessage): Promise<void>
  /** The room of the person whom this was addressed to. */
  found(address: string, data: RoomData): Promise<void>
  /** What is written changed. */
  tellOthers(): void
}

/**
 * Sends what waits: of each room the oldest until it is acknowledged or has failed for good, then the next, by one tab at a
 * time. A tab holds the lock for one attempt and not while it waits, so one that falls asleep blocks nobody for long.
 */
export class Sender {
  /** What sends the messages of a room. */
  private readonly lanes = new Map<string, BackgroundTask>()
  private readonly inTurn = pLimit(ROOMS_AT_ONCE)

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: SenderDeps,
  ) {}

  /** What waits in the room changed, perhaps: on with it. */
  request(roomId: string): void {
    const lane = this.lanes.get(roomId) ?? new BackgroundTask((progress) => this.drain(roomId, progress), this.runtime)
    this.lanes.set(roomId, lane)
    lane.request()
  }

  hurry(): void {
    for (const lane of this.lanes.values()) lane.request()
  }

  /** Sends what waits for the room, one after the other. @throws what an attempt failed with for now. */
  private async drain(roomId: string, progress: () => void): Promise<void> {
    let limit: SendLimit | undefined
    do {
      await limit?.open()
      // Where another tab took the lock over this rejects: that tab may have sent the message, so look again later.
      limit = await this.deps.storage.lock(roomId, () => this.inTurn(() => this.attempt(roomId, progress)))
    } while (limit !== undefined)
  }

  /** One attempt. Answers the limit that counted it: once that is open one goes on; undefined: there is nothing to do. */
  private async attempt(roomId: string, progress: () => void): Promise<SendLimit | undefined> {
    const { delivery, queue, limits, done, found } = this.deps
    if (delivery.isCutOff()) {
      // Not even tried, so that what is withdrawn until there is a network again leaves no trace.
      queue.setTroubled(roomId, true)
      throw new NoAnswer('disconnected')
    }
    const personId = personAt(roomId)
    let isHeld = false
    const entry = await queue.take(roomId, (next) => {
      isHeld = limits[limitOf(next)].isBlocked()
      // A person's room comes first: until it is known nothing is sent.
      return isHeld || personId !== undefined ? next : attempted(next)
    })
    if (entry === undefined) queue.setTroubled(roomId, false)
    if (entry === undefined || this.runtime.signal.aborted) return undefined
    const limit = limits[limitOf(entry)]
    if (isHeld) {
      queue.setTroubled(roomId, true)
      return limit
    }
    let isAnswered = true
    const noAnswer = () => {
      isAnswered = false
    }
    try {
      if (personId !== undefined) await found(roomId, await limit.learnFrom(() => delivery.findRoom(personId)))
      else await done(entry, await limit.learnFrom(() => this.sendOrHear(entry, noAnswer)))
    } catch (error) {
      const isRefused = isAnswered && wasNotTaken(error)
      if (isSignedOut(error) || !isFinal(error)) {
        if (isRefused) await this.conclude(entry.clientId, refused)
        if (isSignedOut(error)) return undefined
        queue.setTroubled(roomId, true)
        // A limit is no failure: the next attempt waits until it is over, however good the connection is.
        if (limitedForMs(error) !== undefined) return limit
        throw error
      }
      this.runtime.log.warn('[Socket:/chat] Message failed', { roomId, code: error.code })
      await this.conclude(entry.clientId, (stored) => {
        const known = isRefused ? refused(stored) : stored
        return known && failed(known, wireFromError(error))
      })
    }
    progress()
    queue.setTroubled(roomId, false)
    return limit
  }

  /** An attempt ended without success. */
  private async conclude(clientId: string, step: Step): Promise<void> {
    await this.deps.queue.step(clientId, step)
    await this.deps.queue.reload()
    this.deps.tellOthers()
  }

  /** Whichever comes first: the reply, or the message itself among what the room's members hear. */
  private async sendOrHear(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage> {
    const { queue, acknowledged } = this.deps
    const known = queue.get(entry.clientId)?.message
    if (known !== undefined) return known
    let off = () => {}
    const heard = new Promise<ChatMessage>((resolve) => {
      off = acknowledged.on((message) => {
        if (message.clientId === entry.clientId) resolve(message)
      })
    })
    try {
      return await Promise.race([this.send(entry, noAnswer), heard])
    } finally {
      off()
    }
  }

  /** One that was edited while it waited may be with the server as it was before: it answers to that text alone. */
  private async send(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage> {
    const { delivery } = this.deps
    const [newest, ...others] = versionsOf(entry)
    try {
      return await delivery.send(newest, noAnswer)
    } catch (error) {
      for (const version of others) {
        if (!hasClientIdOfAnother(error)) break
        const known = await delivery.send(version, noAnswer).catch((next: unknown) => {
          if (hasClientIdOfAnother(next)) return undefined
          throw next
        })
        if (known !== undefined) return known
      }
      throw error
    }
  }
}
