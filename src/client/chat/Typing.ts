import { chatCommands, type Typing as TypingEvent } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { Runtime } from '../runtime/runtime'
import type { ChatLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'

/** Whoever goes on typing says so this often. */
const SAY_MS = 3_000
/** Nobody who said it longer ago is believed to type. */
const FORGET_MS = 6_000

export interface TypingDeps {
  transport: Transport
  link: Pick<ChatLink, 'connected'>
  cache: RoomCache
  changed(roomId: string): void
}

const NOBODY: readonly string[] = []

/** Who types where. It is kept nowhere: what is missed of it is over in seconds. */
export class Typing {
  /** By room, with how to forget each of them. */
  private readonly typing = new Map<string, Map<string, () => void>>()
  /** The rooms that this person is said to type in, since when. */
  private readonly said = new Map<string, number>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: TypingDeps,
  ) {}

  /** The others who type in this room, in the order in which they began. */
  inRoom(roomId: string): readonly string[] {
    const people = this.typing.get(roomId)
    return people === undefined || people.size === 0 ? NOBODY : [...people.keys()]
  }

  hear({ roomId, userId, on }: TypingEvent): void {
    if (!on) {
      this.forget(roomId, userId)
      return
    }
    const people = this.typing.get(roomId) ?? new Map<string, () => void>()
    this.typing.set(roomId, people)
    const isNew = !people.has(userId)
    people.get(userId)?.()
    people.set(
      userId,
      this.runtime.clock.after(FORGET_MS, () => this.forget(roomId, userId)),
    )
    if (isNew) this.deps.changed(roomId)
  }

  /** Somebody sent what they typed, or left. */
  forget(roomId: string, userId: string): void {
    const people = this.typing.get(roomId)
    people?.get(userId)?.()
    if (people?.delete(userId)) this.deps.changed(roomId)
  }

  /** This person typed something (to be called for each key), or has stopped. */
  say(roomId: string, on: boolean): void {
    const { link, cache } = this.deps
    const now = this.runtime.clock.now()
    const saidAt = this.said.get(roomId)
    if (on ? saidAt !== undefined && now - saidAt < SAY_MS : saidAt === undefined || now - saidAt > FORGET_MS) return
    const room = cache.get(roomId)?.room
    if (!link.connected || room === undefined || room.memberCount > limits.participantsPage) return
    if (on) this.said.set(roomId, now)
    else this.said.delete(roomId)
    // Whoever does not hear of it misses nothing.
    this.deps.transport.call(chatCommands.typing, { roomId, on }).catch(() => undefined)
  }
}
