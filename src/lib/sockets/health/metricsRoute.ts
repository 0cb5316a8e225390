import type { FastifyInstance } from 'fastify'
import type { Metrics } from '@/contracts/admin'
import { requireScope, type ServiceKeys } from '@/lib/auth/serviceKey'
import type { AllowLists } from '@/lib/http/allowLists'
import { preferredType } from '@/lib/http/preferredType'
import { plainAddress } from '@/lib/http/remoteAddress'
import { OPENMETRICS_TEXT, openMetricsText, PROMETHEUS_TEXT, prometheusText } from '@/lib/metrics/exposition'
import { requireListed } from '@/lib/pipeline/allowedAddress'
import type { PrometheusExport } from './PrometheusExport'

/** Who may read the figures. */
export interface MetricsAccess {
  /** Without it only a key with the scope `metrics` opens them. */
  isOpen: boolean
  serviceKeys: ServiceKeys
  allowLists: AllowLists
}

/** Who may read them, and where they come from. */
export interface MetricsRouteDeps extends MetricsAccess {
  metrics: () => Metrics
  prometheus: PrometheusExport
}

/** `GET /metrics`: JSON unless `Accept` prefers one of the formats that Prometheus reads. */
export function registerMetricsRoute(server: FastifyInstance, deps: MetricsRouteDeps): void {
  server.get('/metrics', async (request, reply) => {
    requireListed(deps.allowLists, 'metrics', plainAddress(request.ip))
    if (!deps.isOpen) requireScope(deps.serviceKeys.require(request.headers.authorization), 'metrics')
    void reply.header('Vary', 'Accept')
    const type = preferredType(request.headers.accept, [
      'application/json',
      'application/openmetrics-text',
      'text/plain',
    ])
    if (type === 'application/json') return deps.metrics()
    const registry = await deps.prometheus.refresh()
    if (type === 'text/plain') return reply.type(PROMETHEUS_TEXT).send(await prometheusText(registry))
    return reply.type(OPENMETRICS_TEXT).send(await openMetricsText(registry))
  })
}
