import { ClientReport } from '@/contracts/admin'
import { type ErrorCode, errorTable } from '@/contracts/errors'
import { type Namespace, namespaces, perNamespace } from '@/contracts/namespaces'
import type { SocketMetrics } from '@/lib/metrics/socket'
import type { BucketTally } from '@/lib/metrics/TalliedHistogram'
import { Tally } from '@/lib/metrics/Tally'
import type { PushOutcome } from '@/services/push/PushDelivery'
import { EventTallies, OTHER_EVENT } from './EventTallies'

/** Everything counted since the process started; differences between two of these are rates. */
export interface Totals {
  connections: number
  disconnections: number
  inbound: number
  outbound: number
  /** Answered commands, and the milliseconds they took together. */
  answered: number
  answeredMs: number
}

/** Socket.IO's reasons for a disconnect; a client cannot make up others, a later version of Socket.IO can. */
const DISCONNECT_REASONS = new Set([
  'transport_close',
  'transport_error',
  'ping_timeout',
  'parse_error',
  'forced_close',
  'forced_server_close',
  'server_shutting_down',
  'client_namespace_disconnect',
  'server_namespace_disconnect',
])

/** What a refused handshake says about its token. */
const AUTH_STATUS: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: 'unauthenticated',
  SESSION_EXPIRED: 'expired',
  FORBIDDEN: 'forbidden',
}

/**
 * Counts what happens (requirements 001, stage 2). It only observes: every method takes constant time, makes nothing for
 * each message and never throws. `sync` brings the Prometheus counters up to date; to be called before they are read.
 */
export class MetricsCollector {
  readonly totals: Totals = { connections: 0, disconnections: 0, inbound: 0, outbound: 0, answered: 0, answeredMs: 0 }
  private readonly events: Record<Namespace, EventTallies>
  /** By namespace and code. */
  private readonly errors = new Map<string, { code: string; tally: Tally }>()
  private readonly acknowledgement: BucketTally
  private readonly commitBatchSize: BucketTally
  private readonly commitDuration: BucketTally

  constructor(private readonly metrics: SocketMetrics) {
    this.acknowledgement = metrics.acknowledgement.tally()
    this.commitBatchSize = metrics.commitBatchSize.tally()
    this.commitDuration = metrics.commitDuration.tally()
    this.events = perNamespace((namespace) => new EventTallies(metrics, namespace))
    for (const namespace of namespaces) {
      for (const code of Object.keys(errorTable)) {
        this.errors.set(namespace + code, { code, tally: new Tally(metrics.errors.labels(namespace, code)) })
      }
    }
  }

  /** A handshake was accepted. `client` is what the client says of its connection, whatever that is. */
  incrementConnections(namespace: Namespace, client: unknown): void {
    this.totals.connections += 1
    this.metrics.connections.inc({ namespace, status: 'accepted' })
    this.metrics.authEvents.inc({ status: 'success' })
    const report = ClientReport.safeParse(client)
    if (!report.success) return
    this.metrics.clientConnect.observe({ namespace }, report.data.connectMs / 1_000)
    if (report.data.reconnects > 0) this.metrics.clientReconnects.inc({ namespace })
  }

  /** A handshake was refused. */
  refuseConnection(namespace: Namespace, code: ErrorCode): void {
    this.metrics.connections.inc({ namespace, status: 'refused' })
    this.metrics.authEvents.inc({ status: AUTH_STATUS[code] ?? 'error' })
    this.errors.get(namespace + code)?.tally.add()
  }

  decrementConnections(namespace: Namespace, reason: string): void {
    this.totals.disconnections += 1
    const known = reason.replaceAll(' ', '_')
    this.metrics.disconnects.inc({ namespace, reason: DISCONNECT_REASONS.has(known) ? known : OTHER_EVENT })
  }

  /** One event from a client, or one written to a client. */
  incrementMessages(namespace: Namespace, event: string, direction: 'inbound' | 'outbound', bytes: number): void {
    this.totals[direction] += 1
    const tallies = this.events[namespace]
    tallies.of(event)[direction].add()
    if (direction === 'inbound') tallies.inboundSize.observe(bytes)
    else tallies.outboundSize.observe(bytes)
  }

  /** A command was answered after so many milliseconds. */
  recordResponseTime(namespace: Namespace, event: string, durationMs: number, outcome: ErrorCode | 'ok'): void {
    this.totals.answered += 1
    this.totals.answeredMs += durationMs
    this.events[namespace].of(event).duration.observe(durationMs / 1_000)
    if (outcome !== 'ok') this.errors.get(namespace + outcome)?.tally.add()
    else if (event === 'sendMessage') this.acknowledgement.observe(durationMs / 1_000)
  }

  /** A transaction of the group commit ended. */
  recordCommit(batchSize: number, durationMs: number): void {
    this.commitBatchSize.observe(batchSize)
    this.commitDuration.observe(durationMs / 1_000)
  }

  recordCatchUp(result: 'current' | 'changes' | 'reset' | 'gone'): void {
    this.metrics.catchUps.inc({ result })
  }

  recordPublishFailure(bus: 'local' | 'redis' | 'listen'): void {
    this.metrics.publishFailures.inc({ bus })
  }

  recordSlowReader(): void {
    this.metrics.slowReaders.inc()
  }

  /** A job ended in this process. */
  recordJob(task: string, outcome: 'ok' | 'failed', durationMs: number): void {
    this.metrics.jobDuration.observe({ task, outcome }, durationMs / 1_000)
  }

  recordWebhook(outcome: 'succeeded' | 'failed' | 'dead'): void {
    this.metrics.webhooks.inc({ outcome })
  }

  recordPush(outcome: PushOutcome): void {
    this.metrics.pushes.inc({ outcome })
  }

  recordMail(outcome: 'sent' | 'failed' | 'refused'): void {
    this.metrics.mails.inc({ outcome })
  }

  /** A command that came by GraphQL was answered. */
  recordGraphql(command: string, outcome: ErrorCode | 'ok'): void {
    this.metrics.graphqlCommands.inc({ command, outcome })
  }

  recordRateLimit(module: string, decision: 'allowed' | 'warned' | 'limited'): void {
    this.metrics.rateLimits.inc({ module, decision })
  }

  /** How many of each event, both ways, over all namespaces; what never happened is left out. */
  countsByType(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const namespace of namespaces) {
      for (const [event, { inbound, outbound }] of this.events[namespace].entries()) {
        const count = inbound.value + outbound.value
        if (count > 0) counts[event] = (counts[event] ?? 0) + count
      }
    }
    return counts
  }

  /** How many commands of each name were answered, over all namespaces, and their average in milliseconds. */
  responseTimes(): Record<string, { count: number; avg: number }> {
    const sums = new Map<string, { count: number; seconds: number }>()
    for (const namespace of namespaces) {
      for (const [event, { duration }] of this.events[namespace].entries()) {
        const { count = 0, seconds = 0 } = sums.get(event) ?? {}
        sums.set(event, { count: count + duration.count, seconds: seconds + duration.sum })
      }
    }
    return Object.fromEntries(
      [...sums].flatMap(([event, { count, seconds }]) =>
        count === 0 ? [] : [[event, { count, avg: Math.round((seconds / count) * 100_000) / 100 }]],
      ),
    )
  }

  /** Errors by code, over all namespaces; what never happened is left out. */
  errorsByCode(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { code, tally } of this.errors.values()) {
      if (tally.value > 0) counts[code] = (counts[code] ?? 0) + tally.value
    }
    return counts
  }

  sync(): void {
    for (const namespace of namespaces) {
      for (const [, { inbound, outbound }] of this.events[namespace].entries()) {
        inbound.sync()
        outbound.sync()
      }
    }
    for (const { tally } of this.errors.values()) tally.sync()
  }
}
