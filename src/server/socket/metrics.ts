import { collectDefaultMetrics, Registry } from 'prom-client'
import type { SyncRoomsData } from '@/contracts/chat'
import { createSocketMetrics, type SocketMetrics } from '@/lib/metrics/socket'
import type { ObserveCommand } from '@/lib/pipeline/runCommand'
import { countOutbound } from '@/lib/sockets/core/countOutbound'
import { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import type { ServicesObserver } from '../createServices'

export interface SocketProcessMetrics {
  registry: Registry
  series: SocketMetrics
  collector: MetricsCollector
  /** What is told of connections; undefined when nothing is counted, like the next two. */
  connections: MetricsCollector | undefined
  /** The pipeline's last step. */
  observe: ObserveCommand | undefined
  services: ServicesObserver | undefined
  /** Counts what is written to this server's clients. */
  countOutbound: (io: SocketServer) => void
}

/** What counts in this process; everything else calls it when something happens. @param isCounting - false: nobody does. */
export function createMetrics(environment: string, isCounting: boolean): SocketProcessMetrics {
  const registry = new Registry()
  const series = createSocketMetrics(registry, environment)
  collectDefaultMetrics({ register: registry })
  const collector = new MetricsCollector(series)
  const common = { registry, series, collector }
  if (!isCounting) {
    return { ...common, connections: undefined, observe: undefined, services: undefined, countOutbound: () => {} }
  }
  return {
    ...common,
    countOutbound: (io) => countOutbound(io, collector),
    connections: collector,
    observe: ({ command: { name, namespace }, transport }, outcome, durationMs, bytes) => {
      if (transport === 'graphql') return collector.recordGraphql(name, outcome)
      if (!namespace || transport !== 'socket') return
      collector.incrementMessages(namespace, name, 'inbound', bytes)
      collector.recordResponseTime(namespace, name, durationMs, outcome)
    },
    services: {
      committed: (size, durationMs) => collector.recordCommit(size, durationMs),
      caughtUp: (answer) => countCatchUps(collector, answer),
    },
  }
}

function countCatchUps(collector: MetricsCollector, answer: SyncRoomsData): void {
  for (const room of Object.values(answer.rooms)) {
    if ('gone' in room) collector.recordCatchUp('gone')
    else if ('reset' in room) collector.recordCatchUp('reset')
    else collector.recordCatchUp(room.messages.length > 0 || room.reads !== undefined ? 'changes' : 'current')
  }
}
