import * as z from 'zod/mini'
import { command, commandTable, event } from './command'
import { Namespace } from './namespaces'
import { Role } from './permissions'
import { Counter, Cursor, Id, pageLimit, Timestamp } from './primitives'

const Amount = z.number().check(z.gte(0))
/** Events in each second or minute, as the field's name says, averaged over the last minute. */
const LastMinute = z.object({ '1m': Amount })

/**
 * What has a default, processes of an older version do not say.
 *
 * Every KPI of requirements 002, nested where it writes dots. `GET :3001/metrics` answers one process's; the dashboard
 * adds them up.
 */
export const Metrics = z.object({
  connections: z.object({
    /** Sockets of all namespaces together. */
    total: Counter,
    chat: Counter,
    notifications: Counter,
    admin: Counter,
    /** New connections a minute. */
    rate: LastMinute,
  }),
  /** Ended connections a minute. */
  disconnections: z.object({ rate: LastMinute }),
  events: z.object({
    inbound: z.object({ count: Amount }),
    outbound: z.object({ count: Amount }),
    /** Events a second, both ways. */
    throughput: LastMinute,
    /** How long commands took from their arrival to their answer, in milliseconds. */
    latency: z.object({
      /** Of all, over the last minute. */
      avg: Amount,
      /** Of each that was answered, since the start, by event name. */
      by_type: z._default(z.record(z.string(), z.object({ count: Amount, avg: Amount })), {}),
    }),
    /** Commands answered with an error and refused handshakes since the start, by error code; what never happened is left out. */
    errors: z._default(z.object({ count: Amount, by_code: z.record(z.string(), Amount) }), { count: 0, by_code: {} }),
    /** How many of each since the start, both ways, by the contract's event names; anything else is `other`. */
    by_type: z.record(z.string(), Amount),
  }),
  rooms: z.object({
    /** Socket.IO rooms with somebody in them; a socket's room of its own does not count. */
    total: Counter,
    /** `topic` is always 0: who follows a topic stands in the database, and no socket joins a room for it. */
    by_prefix: z.object({ room: Counter, user: Counter, topic: Counter, session: Counter }),
    avg_size: Amount,
    largest: z.nullable(z.object({ name: z.string(), size: Counter })),
  }),
  presence: z.object({
    /** People with a connection, away or not. */
    online: Counter,
    away: Counter,
    /** Connections without a `ping` for 60 s. */
    stale_clients: Counter,
  }),
  redis: z.object({
    /** Whether REDIS_URL is set. */
    configured: z.boolean(),
    connected: z.boolean(),
    /** Of the last pulse, in milliseconds. */
    latency: z.nullable(Amount),
  }),
  /** Of all processes together; null: the queue does not answer. */
  jobs: z._default(
    z.nullable(
      z.object({
        /** Their time has come, and nobody has taken them. */
        waiting: Counter,
        running: Counter,
        /** They failed as often as they may. */
        failed: Counter,
      }),
    ),
    null,
  ),
  server: z.object({
    /** Seconds since the process started. */
    uptime: Amount,
    /** Bytes. */
    memory: z.object({ heap: Amount, heap_total: Amount, rss: Amount }),
    /** The 99th percentile of the last ten seconds, in milliseconds. */
    event_loop_delay: Amount,
  }),
})
export type Metrics = z.infer<typeof Metrics>

/** A process has a name that lasts as long as it runs: host, port and a few random characters. */
export const InstanceId = z.string().check(z.minLength(1), z.maxLength(120))
export type InstanceId = z.infer<typeof InstanceId>

/** One socket server, as the health page shows it. */
export const Instance = z.object({
  id: InstanceId,
  /** `silent`: it was there a moment ago and has not answered this time. */
  status: z.enum(['ok', 'degraded', 'draining', 'silent']),
  /** The namespaces it serves. */
  namespaces: z.array(Namespace),
  /** When these figures were taken; of a silent instance, the last ones. */
  at: Timestamp,
  metrics: Metrics,
})
export type Instance = z.infer<typeof Instance>

/** One point of the chart: what happened in the interval that ended at `at`. */
export const HistoryPoint = z.object({
  at: Timestamp,
  /** Events a second. */
  inbound: Amount,
  outbound: Amount,
  /** Milliseconds. */
  latency: Amount,
  connections: Counter,
})
export type HistoryPoint = z.infer<typeof HistoryPoint>

/** All instances as one: `totals` counts people once, however many instances hold their connections. */
export const MetricsSnapshot = z.object({
  at: Timestamp,
  /** The instance that answered. */
  instance: InstanceId,
  totals: Metrics,
  instances: z.array(Instance),
  /** The last 15 minutes, oldest first, a point every 5 s. In `metrics:update` only what is new. */
  history: z.array(HistoryPoint),
})
export type MetricsSnapshot = z.infer<typeof MetricsSnapshot>

/** One socket that is connected to a namespace, on whichever instance. */
export const ConnectionInfo = z.object({
  /** The socket's id. */
  id: z.string(),
  instance: InstanceId,
  namespace: Namespace,
  userId: Id,
  userName: z.string(),
  role: Role,
  connectedAt: Timestamp,
  /** Null when it has not sent one. */
  lastPingAt: z.nullable(Timestamp),
  transport: z.enum(['websocket', 'polling']),
  away: z.boolean(),
  /** No `ping` for 60 s. */
  stale: z.boolean(),
})
export type ConnectionInfo = z.infer<typeof ConnectionInfo>

/** One Socket.IO room: `name` is its prefix, a colon and an id. */
export const RoomInfo = z.object({
  name: z.string(),
  prefix: z.enum(['room', 'user', 'topic', 'session']),
  namespace: Namespace,
  /** Sockets in it, on all instances. */
  size: Counter,
})
export type RoomInfo = z.infer<typeof RoomInfo>

const Page = z.object({
  cursor: z.optional(Cursor),
  /** Part of a name or an id. */
  query: z.optional(z.string().check(z.maxLength(120))),
  limit: pageLimit(500, 100),
})

/** `field` ascending, `-field` descending. */
const sortBy = <F extends string>(fields: readonly F[]) =>
  z.optional(z.enum(fields.flatMap((field): (F | `-${F}`)[] => [field, `-${field}`])))

/** What a list of connections may be sorted by. */
export const connectionSorts = ['connectedAt', 'userName', 'namespace', 'instance', 'lastPingAt'] as const
/** What a list of Socket.IO rooms may be sorted by. */
export const roomSorts = ['size', 'name'] as const

export const ConnectionsInput = z.extend(Page, { sort: sortBy(connectionSorts) })
/** A page of Socket.IO rooms: 100 unless said otherwise, 500 at most. */
export const SocketRoomsInput = z.extend(Page, { sort: sortBy(roomSorts) })

/** Instances that did not answer in time are missing from these lists, and named. */
const Missing = { silent: z.array(InstanceId) }

/** `total`: how many there are that the query finds, on the instances that answered. */
export const ConnectionsPage = z.object({
  connections: z.array(ConnectionInfo),
  nextCursor: z.nullable(Cursor),
  total: Counter,
  ...Missing,
})
export type ConnectionsPage = z.infer<typeof ConnectionsPage>

/** `total`: how many there are that the query finds, on the instances that answered. */
export const SocketRoomsPage = z.object({
  rooms: z.array(RoomInfo),
  nextCursor: z.nullable(Cursor),
  total: Counter,
  ...Missing,
})
export type SocketRoomsPage = z.infer<typeof SocketRoomsPage>

/** What a client may say of its connection in the handshake's `auth.client`; anything else there is ignored. */
export const ClientReport = z.object({
  /** From when it began to connect to this handshake, in milliseconds. */
  connectMs: z.number().check(z.gte(0), z.lte(3_600_000)),
  /** How often it was connected before. */
  reconnects: z.int().check(z.gte(0), z.lte(1_000_000)),
})
export type ClientReport = z.infer<typeof ClientReport>

/** When the canary (a synthetic message that is stored nowhere people look) passed each station, in milliseconds after it was sent. */
export const CanaryReport = z.object({ acceptedMs: Amount, committedMs: Amount, publishedMs: Amount })
export type CanaryReport = z.infer<typeof CanaryReport>

const view = { permission: 'admin:view-health', limit: 'admin' } as const
const diagnostics = { ...view, http: { socketOnly: 'It tries the way of a socket out.' } } as const

/** For admins and, over REST, services: `/admin` on Socket.IO and `/admin/…` on port 3001. */
export const adminCommands = commandTable('/admin', {
  /** All instances as one. Over the socket it also begins `metrics:update`, which end with the connection. */
  'metrics:request': command({
    ...view,
    input: z.unknown(),
    data: MetricsSnapshot,
    http: 'GET /admin/metrics',
  }),
  /** Who is connected, on all instances. */
  'admin:connections': command({
    ...view,
    input: ConnectionsInput,
    data: ConnectionsPage,
    http: 'GET /admin/connections',
  }),
  /** Socket.IO's rooms with how many sockets are in each, on all instances. */
  'admin:rooms': command({ ...view, input: SocketRoomsInput, data: SocketRoomsPage, http: 'GET /admin/rooms' }),
  /** Closes a connection wherever it is, with its sockets of all namespaces. @throws NOT_FOUND */
  'admin:disconnect': command({
    input: z.object({ id: Id }),
    data: z.object({ id: Id, instance: InstanceId }),
    http: 'POST /admin/disconnect/:id',
    permission: 'admin:manage-connections',
    limit: 'admin',
    errors: ['NOT_FOUND'],
    audit: true,
  }),
  /** Answers at once: what the round trip costs. */
  'diagnostics:probe': command({
    ...diagnostics,
    input: z.undefined(),
    data: z.object({ at: Timestamp, instance: InstanceId }),
  }),
  /** Sends the event `diagnostics:event` back to this socket. */
  'diagnostics:echo': command({
    ...diagnostics,
    input: z.object({ text: z.string().check(z.maxLength(200)) }),
    data: z.object({ sent: z.literal(true) }),
  }),
  /** Sends a message through the real path; `diagnostics:canary` tells when it was received. */
  'diagnostics:canary': command({ ...diagnostics, input: z.object({ id: Id }), data: CanaryReport }),
})
export type AdminCommands = typeof adminCommands

/** For a page that cannot reach `/admin`. */
export const adminQueries = commandTable(null, {
  /** The same as `metrics:request`, asked of the socket servers by the web process. @throws UNAVAILABLE */
  systemMetrics: command({ ...view, input: z.unknown(), data: MetricsSnapshot, http: 'GET /api/system/metrics' }),
})

/** Events of `/admin`. */
export const adminEvents = {
  /** What `metrics:request` answered. */
  'metrics:snapshot': event(MetricsSnapshot, 'watching admins'),
  /** The same every five seconds, to whoever asked for the snapshot. */
  'metrics:update': event(MetricsSnapshot, 'watching admins'),
  /** What `diagnostics:echo` asked for. */
  'diagnostics:event': event(z.object({ text: z.string(), at: Timestamp }), 'the asking socket'),
  /** A station that the canary's message passed. */
  'diagnostics:canary': event(z.object({ id: Id }), 'the asking socket'),
}
export type AdminEvents = typeof adminEvents
