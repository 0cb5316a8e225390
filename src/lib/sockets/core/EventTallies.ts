import { namespaceContracts } from '@/contracts/all'
import type { Namespace } from '@/contracts/namespaces'
import type { SocketMetrics } from '@/lib/metrics/socket'
import type { BucketTally } from '@/lib/metrics/TalliedHistogram'
import { Tally } from '@/lib/metrics/Tally'

/** What the label `event` says of a name that is in no contract. */
export const OTHER_EVENT = 'other'

/** One event's series. */
export interface EventTally {
  inbound: Tally
  outbound: Tally
  duration: BucketTally
}

/** Every event of one namespace's contract, and `other`: whatever clients send, there are never more series than these. */
export class EventTallies {
  readonly inboundSize: BucketTally
  readonly outboundSize: BucketTally
  private readonly rows = new Map<string, EventTally>()
  private readonly other: EventTally

  constructor(metrics: SocketMetrics, namespace: Namespace) {
    this.inboundSize = metrics.messageSize.tally(namespace, 'inbound')
    this.outboundSize = metrics.messageSize.tally(namespace, 'outbound')
    const row = (event: string): EventTally => ({
      inbound: new Tally(metrics.messages.labels(namespace, event, 'inbound')),
      outbound: new Tally(metrics.messages.labels(namespace, event, 'outbound')),
      duration: metrics.messageDuration.tally(namespace, event),
    })
    const { commands, events } = namespaceContracts[namespace]
    for (const event of [...Object.keys(commands), ...Object.keys(events)]) this.rows.set(event, row(event))
    this.other = row(OTHER_EVENT)
    this.rows.set(OTHER_EVENT, this.other)
  }

  of(event: string): EventTally {
    return this.rows.get(event) ?? this.other
  }

  entries(): Iterable<[string, EventTally]> {
    return this.rows
  }
}
