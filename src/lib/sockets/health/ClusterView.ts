import type { z } from 'zod'
import type {
  ConnectionsInput,
  ConnectionsPage,
  Instance,
  InstanceId,
  MetricsSnapshot,
  RoomInfo,
  SocketRoomsInput,
  SocketRoomsPage,
} from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import type { InstancePeers, InstanceReport } from './InstancePeers'
import type { LocalInstance } from './LocalInstance'
import { connectionOrder, pageOf, roomOrder } from './lists'
import { mergeHistory, mergeMetrics } from './mergeMetrics'

/** How long the last figures of a silent instance are shown, in milliseconds. */
const SILENT_SHOWN_MS = 60_000

/** All instances as one: this one's own figures and what the others answer within a second. */
export class ClusterView {
  /** The last figures of the others, with when they came. */
  private readonly last = new Map<InstanceId, { instance: Instance; atMs: number }>()

  constructor(
    private readonly local: LocalInstance,
    private readonly peers: InstancePeers,
  ) {}

  /** @param sinceMs - only the history after this time; absent: all of it. */
  async snapshot(sinceMs?: number): Promise<MetricsSnapshot> {
    const { answers, silent } = await this.peers.ask('report', { sinceMs })
    const reports: InstanceReport[] = [this.local.report({ sinceMs }), ...answers.map(({ answer }) => answer)]
    const now = Date.now()
    for (const { answer } of answers) this.last.set(answer.instance.id, { instance: answer.instance, atMs: now })
    return {
      at: new Date(now).toISOString(),
      instance: this.local.id,
      totals: mergeMetrics(reports),
      instances: [...reports.map(({ instance }) => instance), ...this.silentOnes(silent, now)],
      history: mergeHistory(reports.map(({ history }) => history)),
    }
  }

  async connections(input: z.output<typeof ConnectionsInput>): Promise<ConnectionsPage> {
    const own = this.local.connections(input)
    const { answers, silent } = await this.peers.ask('connections', input)
    const parts = [own, ...answers.map(({ answer }) => answer)]
    // Each part holds a page of its own and a row more, so that together they hold the first of all.
    const { rows, nextCursor } = pageOf(
      parts.flatMap((part) => part.connections),
      connectionOrder(input.sort),
      input,
    )
    return { connections: rows, nextCursor, total: parts.reduce((total, part) => total + part.total, 0), silent }
  }

  async rooms(input: z.output<typeof SocketRoomsInput>): Promise<SocketRoomsPage> {
    const question = { query: input.query }
    const own = this.local.rooms(question)
    const { answers, silent } = await this.peers.ask('rooms', question)
    const rooms = addSizes([own, ...answers.map(({ answer }) => answer)].flatMap((part) => part.rooms))
    const page = pageOf(rooms, roomOrder(input.sort), input)
    return { rooms: page.rows, nextCursor: page.nextCursor, total: rooms.length, silent }
  }

  /**
   * Closes a socket wherever it is. @param by - who wants it, for the log.
   * @throws AppError NOT_FOUND; UNAVAILABLE when an instance that may have it did not answer.
   */
  async disconnect(id: string, by: string): Promise<{ id: string; instance: InstanceId }> {
    if (this.local.disconnect({ id, by }).found) return { id, instance: this.local.id }
    const { answers, silent } = await this.peers.ask('disconnect', { id, by })
    const found = answers.find(({ answer }) => answer.found)
    if (found) return { id, instance: found.instance }
    if (silent.length === 0) throw new AppError('NOT_FOUND', { message: 'There is no connection with this id.' })
    throw new AppError('UNAVAILABLE', {
      message: `No connection with this id, but ${silent.join(', ')} did not answer.`,
    })
  }

  private silentOnes(silent: readonly InstanceId[], nowMs: number): Instance[] {
    for (const [id, { atMs }] of this.last) if (nowMs - atMs > SILENT_SHOWN_MS) this.last.delete(id)
    return silent.flatMap((id) => {
      const last = this.last.get(id)
      return last ? [{ ...last.instance, status: 'silent' as const }] : []
    })
  }
}

/** A room's sockets on all instances together. */
function addSizes(rooms: readonly RoomInfo[]): RoomInfo[] {
  const added = new Map<string, RoomInfo>()
  for (const room of rooms) {
    const key = `${room.namespace} ${room.name}`
    const before = added.get(key)
    added.set(key, before ? { ...before, size: before.size + room.size } : room)
  }
  return [...added.values()]
}
