import type { ChatMessage, MessagesRead, Room, RoomData } from '@/contracts/chat'
import { RoomTimeline } from './RoomTimeline'

/** Events of rooms that are not known yet: so many rooms, and so many events of each. */
const MOST_UNKNOWN_ROOMS = 100
const MOST_EARLY_EVENTS = 200

/** Every room this page knows of, latest first. */
export class RoomCache {
  private readonly timelines = new Map<string, RoomTimeline>()
  /** Heard before the room itself: its row or snapshot is on the way. */
  private readonly early = new Map<string, ChatMessage[]>()
  /** Rooms whose snapshot is on its way. */
  private readonly loading = new Set<string>()
  private list: Room[] | undefined

  constructor(private readonly userId: string) {}

  get(roomId: string): RoomTimeline | undefined {
    return this.timelines.get(roomId)
  }

  all(): Iterable<RoomTimeline> {
    return this.timelines.values()
  }

  /** Pinned ones first, then latest first; the same array until `touch`. */
  rooms(): Room[] {
    this.list ??= [...this.timelines.values()]
      .map((timeline) => timeline.room)
      .sort(byPlace(({ updatedAt }) => updatedAt))
    return this.list
  }

  /** A room's timeline has changed. */
  touch(): void {
    this.list = undefined
  }

  /** The room's timeline, or undefined where the room is not known: the message is then kept for when it is. */
  receive(message: ChatMessage): RoomTimeline | undefined {
    const timeline = this.timelines.get(message.roomId)
    if (timeline !== undefined) {
      timeline.receive(message)
      return timeline
    }
    const kept = this.early.get(message.roomId) ?? []
    if (this.early.has(message.roomId) || this.early.size < MOST_UNKNOWN_ROOMS) this.early.set(message.roomId, kept)
    if (kept.length < MOST_EARLY_EVENTS) kept.push(message)
    return undefined
  }

  receiveRead(read: MessagesRead): RoomTimeline | undefined {
    const timeline = this.timelines.get(read.roomId)
    timeline?.receiveRead(read)
    return timeline
  }

  /** True when the room has to catch up. */
  adoptRow(room: Room): boolean {
    const known = this.timelines.get(room.id)
    return known === undefined ? this.add(room) : known.adoptRow(room)
  }

  /** A snapshot nobody waited for. True when the room has to catch up. */
  offerSnapshot(data: RoomData): boolean {
    const known = this.timelines.get(data.room.id)
    return known === undefined
      ? this.add(data.room, (timeline) => timeline.offerSnapshot(data))
      : known.offerSnapshot(data)
  }

  /**
   * The room's snapshot is asked for: from now on everything heard is kept for it, also where the room itself becomes known
   * only meanwhile. `afresh`: the server's answer to a reset.
   */
  beginLoad(roomId: string, afresh: boolean): void {
    this.loading.add(roomId)
    this.timelines.get(roomId)?.beginLoad(afresh)
  }

  cancelLoad(roomId: string): void {
    this.loading.delete(roomId)
    this.timelines.get(roomId)?.cancelLoad()
  }

  /** The snapshot that was loaded after `beginLoad`. True when the room has to catch up. */
  adoptSnapshot(data: RoomData): boolean {
    this.loading.delete(data.room.id)
    const known = this.timelines.get(data.room.id)
    return known === undefined
      ? this.add(data.room, (timeline) => timeline.adoptSnapshot(data))
      : known.adoptSnapshot(data)
  }

  /** What this browser has kept of a room, unless something newer is known. True when it is shown from now on. */
  restore(data: RoomData): boolean {
    const { id } = data.room
    if (this.timelines.has(id)) return false
    const timeline = new RoomTimeline(this.userId, data.room)
    timeline.adoptSnapshot(data)
    this.enter(timeline)
    return true
  }

  remove(roomId: string): void {
    this.timelines.delete(roomId)
    this.early.delete(roomId)
  }

  /** True when the room has to catch up. */
  private add(room: Room, fill?: (timeline: RoomTimeline) => boolean): boolean {
    return this.enter(new RoomTimeline(this.userId, room), fill)
  }

  private enter(timeline: RoomTimeline, fill = (_timeline: RoomTimeline): boolean => false): boolean {
    const { id } = timeline
    this.timelines.set(id, timeline)
    if (this.loading.has(id)) timeline.beginLoad()
    const isBehind = fill(timeline)
    for (const message of this.early.get(id) ?? []) timeline.receive(message)
    this.early.delete(id)
    return isBehind
  }
}

/** Pinned ones first, then by when something happened in them, latest first. */
export const byPlace =
  (at: (room: Room) => string) =>
  (a: Room, b: Room): number => {
    const isPinned = (room: Room) => room.pinnedAt !== undefined
    if (isPinned(a) !== isPinned(b)) return isPinned(a) ? -1 : 1
    return at(a) === at(b) ? (a.id < b.id ? -1 : 1) : at(a) < at(b) ? 1 : -1
  }
