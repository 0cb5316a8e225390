import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { ConnectionInfo, Instance, InstanceId } from '@/contracts/admin'
import type { Logger } from '@/services/shared/Logger'
import type { Connection } from '../core/ConnectionManager'
import { type CollectorSources, collectMetrics } from './collectors'
import { isStale, peopleHere } from './collectors/presence'
import { roomsOf } from './collectors/rooms'
import { HISTORY_STEP_MS } from './History'
import type { InstanceReport, PeerHandlers } from './InstancePeers'
import { connectionOrder, matches, pageOf, roomOrder } from './lists'
import { encodePeople } from './peopleSet'

/** Most rooms one process tells of; the largest first. */
const MOST_ROOMS = 20_000

const lastStep = (timeMs: number): number => Math.floor(timeMs / HISTORY_STEP_MS) * HISTORY_STEP_MS

export interface LocalInstanceDeps extends CollectorSources {
  status: () => Exclude<Instance['status'], 'silent'>
  logger: Logger
}

/** This process as the dashboard shows it, for itself and for the others that ask. */
export class LocalInstance implements PeerHandlers {
  private name: InstanceId = `${hostname()}:0:${randomBytes(3).toString('hex')}`
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: LocalInstanceDeps) {}

  /** A name that lasts as long as the process. */
  get id(): InstanceId {
    return this.name
  }

  /** Fills the history from now on, whether anybody watches or not. */
  start(port: number): void {
    this.name = `${hostname()}:${port}:${randomBytes(3).toString('hex')}`
    this.deps.eventLoop.start()
    this.take(Date.now())
    this.planSample()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.deps.eventLoop.stop()
  }

  report = ({ sinceMs }: { sinceMs?: number | undefined }): InstanceReport => {
    const people = [...peopleHere(this.deps.connections.getAllConnections())]
    return {
      instance: {
        id: this.name,
        status: this.deps.status(),
        namespaces: [...this.deps.served],
        at: new Date().toISOString(),
        metrics: collectMetrics(this.deps).metrics,
      },
      history: this.deps.history.points(sinceMs),
      people: {
        here: encodePeople(people.filter(([, away]) => !away).map(([userId]) => userId)),
        away: encodePeople(people.filter(([, away]) => away).map(([userId]) => userId)),
      },
    }
  }

  connections: PeerHandlers['connections'] = (input) => {
    const now = Date.now()
    const found = this.deps.connections
      .getAllConnections()
      .filter(({ user, socketId }) => matches(input.query, user.name, user.id, socketId))
      .map((connection) => this.toInfo(connection, now))
    const page = pageOf(found, connectionOrder(input.sort), { ...input, limit: input.limit + 1 })
    return { connections: page.rows, total: found.length }
  }

  rooms: PeerHandlers['rooms'] = ({ query }) => {
    const found = [...roomsOf(this.deps.io, this.deps.served)].filter(({ name }) => matches(query, name))
    if (found.length <= MOST_ROOMS) return { rooms: found }
    return { rooms: pageOf(found, roomOrder('-size'), { limit: MOST_ROOMS }).rows }
  }

  disconnect: PeerHandlers['disconnect'] = ({ id, by }) => {
    const connection = this.deps.connections.getConnection(id)
    if (!connection) return { found: false }
    const { user, namespace } = connection
    this.deps.logger.warn('a connection was closed by an administrator', {
      by,
      socketId: id,
      userId: user.id,
      userName: user.name,
      namespace,
      instance: this.name,
    })
    connection.disconnect()
    return { found: true }
  }

  /** At whole multiples of the step, on every instance at the same time: their points can be added up. */
  private planSample(lastMs = 0): void {
    const dueMs = Math.max(lastMs, lastStep(Date.now())) + HISTORY_STEP_MS
    this.timer = setTimeout(() => {
      // A timer may be a little early; and late by much more when the machine slept.
      const atMs = Math.max(dueMs, lastStep(Date.now()))
      this.take(atMs)
      this.planSample(atMs)
    }, dueMs - Date.now())
    this.timer.unref()
  }

  private take(atMs: number): void {
    this.deps.history.take(atMs, this.deps.collector.totals, this.deps.connections.size)
  }

  private toInfo(connection: Connection, nowMs: number): ConnectionInfo {
    return {
      id: connection.socketId,
      instance: this.name,
      namespace: connection.namespace,
      userId: connection.userId,
      userName: connection.user.name,
      role: connection.user.role,
      connectedAt: connection.connectedAt.toISOString(),
      lastPingAt: connection.lastPingAt?.toISOString() ?? null,
      transport: connection.transport() === 'polling' ? 'polling' : 'websocket',
      away: connection.away,
      stale: isStale(connection, nowMs),
    }
  }
}
