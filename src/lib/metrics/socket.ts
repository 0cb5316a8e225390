import type { Registry } from 'prom-client'
import { LATENCY_BUCKETS, metricKit } from './kit'

/** Bytes up to the 64 KB of a command and the 1 MB of the transport. */
const SIZE_BUCKETS = [64, 128, 256, 512, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576]
const BATCH_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
/** Seconds up to the half minute that jobs are given. */
const JOB_BUCKETS = [0.01, 0.05, 0.25, 1, 2.5, 5, 10, 30]
/** Seconds a browser waits for its connection, up to its own timeout of 20 s. */
const CONNECT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20]

/**
 * Every series of the socket process beside Node's own (`process_…`, `nodejs_…`). Label values are bounded: `namespace` is
 * one of the contract's, `event` one of its names or `other`, and no label ever holds an id. All of them carry
 * `environment` (APP_ENV).
 */
export function createSocketMetrics(registry: Registry, environment: string) {
  const { counter, gauge, histogram, talliedHistogram, quantiles } = metricKit(registry, environment)
  return {
    // Requirements 000: these eleven, with exactly these names, types and labels.
    activeConnections: gauge('socket_active_connections', 'Sockets connected to this process now.', ['namespace']),
    connections: counter(
      'socket_connections_total',
      'Handshakes with a namespace by how they ended; status: accepted, refused.',
      ['namespace', 'status'],
    ),
    disconnects: counter(
      'socket_disconnects_total',
      "Connections that ended, by Socket.IO's reason in snake case (transport_close, ping_timeout, …) or other.",
      ['namespace', 'reason'],
    ),
    messages: counter(
      'socket_messages_total',
      'Events by name; an outbound one counts once for each socket it is written to. direction: inbound, outbound.',
      ['namespace', 'event', 'direction'],
    ),
    messageDuration: talliedHistogram(
      'socket_message_duration_seconds',
      'From the arrival of a command to its answer, whether it succeeded or not.',
      ['namespace', 'event'],
      LATENCY_BUCKETS,
    ),
    errors: counter(
      'socket_errors_total',
      "Commands and handshakes answered with an error; error_type is the contract's code (INTERNAL, TIMEOUT, …).",
      ['namespace', 'error_type'],
    ),
    activeRooms: gauge(
      'socket_active_rooms',
      "Socket.IO rooms with somebody in them on this process; a socket's room of its own does not count.",
      ['namespace'],
    ),
    activeUsers: gauge('socket_active_users', 'Different people connected to this process now.', ['namespace']),
    messageSize: talliedHistogram(
      'socket_message_size_bytes',
      'Size of events as JSON; direction: inbound, outbound.',
      ['namespace', 'direction'],
      SIZE_BUCKETS,
    ),
    authEvents: counter(
      'socket_auth_events_total',
      'Handshakes by what became of their token; status: success, unauthenticated, expired, forbidden, error.',
      ['status'],
    ),
    uptime: gauge('socket_server_uptime_seconds', 'Seconds since the process started.', []),

    // Messages: how well they are kept and delivered.
    acknowledgement: talliedHistogram(
      'tandem_acknowledgement_seconds',
      'From the arrival of a chat message over a socket to its acknowledgement: stored and published. Successful ones only.',
      [],
      LATENCY_BUCKETS,
    ),
    commitBatchSize: talliedHistogram(
      'tandem_commit_batch_size',
      'Messages that shared one transaction (group commit).',
      [],
      BATCH_BUCKETS,
    ),
    commitDuration: talliedHistogram(
      'tandem_commit_duration_seconds',
      'How long one such transaction took, failed ones included.',
      [],
      LATENCY_BUCKETS,
    ),
    commitQueue: gauge('tandem_commit_queue_length', 'Messages that wait for the transaction before them.', []),
    catchUps: counter(
      'tandem_catch_up_rooms_total',
      'Rooms a client asked to catch up with; result: current (nothing was missed), changes, reset (too far behind), gone.',
      ['result'],
    ),
    publishFailures: counter(
      'tandem_publish_failures_total',
      'Live events that could not be sent although their change is stored; clients catch up. bus: local, redis, listen.',
      ['bus'],
    ),
    slowReaders: counter(
      'tandem_slow_readers_cut_total',
      'Connections closed because their client read more slowly than it was written to.',
      [],
    ),
    rateLimits: counter(
      'tandem_rate_limit_decisions_total',
      'Commands counted against a limit; decision: allowed, warned, limited. module: chat-messages, chat-rooms, …',
      ['module', 'decision'],
    ),

    // GraphQL.
    graphqlCommands: counter(
      'tandem_graphql_commands_total',
      "Commands that came by GraphQL, by name; `graphql` is an operation as a whole. outcome: ok or the contract's code.",
      ['command', 'outcome'],
    ),
    graphqlSubscriptions: gauge(
      'tandem_graphql_subscriptions',
      'Subscriptions that are open in this process; subscription: messageReceived, roomChanged, …',
      ['subscription'],
    ),

    // People.
    presence: gauge('tandem_presence_users', 'People connected to this process; state: online (away or not), away.', [
      'state',
    ]),
    staleClients: gauge('tandem_stale_clients', 'Connections that sent no ping for 60 s.', ['namespace']),
    rooms: gauge(
      'tandem_rooms',
      'Socket.IO rooms of this process; prefix: room, user, topic (always 0: topics are rows in the database), session.',
      ['prefix'],
    ),
    clientConnect: histogram(
      'tandem_client_connect_seconds',
      'How long clients say their connection took, from the first attempt to the handshake.',
      ['namespace'],
      CONNECT_BUCKETS,
    ),
    clientReconnects: counter(
      'tandem_client_reconnects_total',
      'Handshakes of clients that say they were connected before.',
      ['namespace'],
    ),

    // Work in the background.
    jobs: gauge(
      'tandem_jobs',
      'Jobs in the queue of all processes, each of which tells the same; state: waiting (their time has come), running, failed (given up). Absent while the queue does not answer.',
      ['state'],
    ),
    jobDuration: histogram(
      'tandem_job_duration_seconds',
      'How long jobs took that ended in this process; task: expire, push, webhooks; with e-mail mail, digests. outcome: ok, failed.',
      ['task', 'outcome'],
      JOB_BUCKETS,
    ),

    webhooks: counter(
      'tandem_webhook_attempts_total',
      'Attempts of this process to deliver a webhook; outcome: succeeded, failed (tried again), dead (given up).',
      ['outcome'],
    ),

    pushes: counter(
      'tandem_push_attempts_total',
      'Attempts of this process to push something to a browser; outcome: sent, failed (tried again), given up, refused (this push will never be taken), gone (the browser is forgotten).',
      ['outcome'],
    ),

    mails: counter(
      'tandem_mails_total',
      'Attempts of this process to send an e-mail; outcome: sent, failed (tried again), refused (for good).',
      ['outcome'],
    ),

    // What the process stands on.
    redisConfigured: gauge('tandem_redis_configured', '1 when REDIS_URL is set.', []),
    redisUp: gauge(
      'tandem_redis_up',
      '1 while Redis answers, 0 while it does not; absent when none is configured.',
      [],
    ),
    redisLatency: gauge(
      'tandem_redis_latency_seconds',
      'How long the last answer of Redis took; absent when none is configured or known.',
      [],
    ),
    listening: gauge('tandem_database_listening', '1 while the process hears of changes by LISTEN.', []),
    poolConnections: gauge(
      'tandem_database_pool_connections',
      'Open database connections; pool: main, commit. state: used, idle.',
      ['pool', 'state'],
    ),
    poolWaiting: gauge('tandem_database_pool_waiting', 'Queries that wait for a connection.', ['pool']),
    poolLimit: gauge('tandem_database_pool_limit', 'Most connections the pool may open.', ['pool']),
    eventLoopDelay: quantiles(
      'tandem_event_loop_delay_seconds',
      'Event loop delay over the last ten seconds; quantile: 0.5, 0.99.',
    ),
    instances: gauge(
      'tandem_instances',
      'Socket processes on the bus of this one, itself included; 1 while it knows of no other.',
      [],
    ),
    logFailures: counter(
      'tandem_log_failures_total',
      'Log lines that did not reach the log file (a full disk, for example); the console still has them.',
      [],
    ),
  }
}

export type SocketMetrics = ReturnType<typeof createSocketMetrics>
