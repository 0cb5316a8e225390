import type { Registry } from 'prom-client'
import { LATENCY_BUCKETS, metricKit } from './kit'

/** Every series of the web process beside Node's own. Bounded labels: `route` is a name in the code, never an address. */
export function createWebMetrics(registry: Registry, environment: string) {
  const { counter, gauge, histogram } = metricKit(registry, environment)
  return {
    httpDuration: histogram(
      'tandem_http_request_duration_seconds',
      'API requests by the name of their command (sendMessage, login, …) and HTTP status code.',
      ['route', 'status_code'],
      LATENCY_BUCKETS,
    ),
    rateLimits: counter(
      'tandem_rate_limit_decisions_total',
      'Commands counted against a limit; decision: allowed, warned, limited. module: chat-messages, chat-rooms, …',
      ['module', 'decision'],
    ),
    socketServerUp: gauge(
      'tandem_socket_server_up',
      '1 when the socket server at this address (SOCKET_INTERNAL_URL) gave its metrics, else 0.',
      ['target'],
    ),
    logFailures: counter(
      'tandem_log_failures_total',
      'Log lines that did not reach the log file (a full disk, for example); the console still has them.',
      [],
    ),
  }
}

export type WebMetrics = ReturnType<typeof createWebMetrics>
