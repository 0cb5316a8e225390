import type { FastifyInstance } from 'fastify'
import type { Metrics } from '@/contracts/admin'
import { requireServiceKey } from '@/lib/auth/serviceKey'
import { preferredType } from '@/lib/http/preferredType'
import { OPENMETRICS_TEXT, openMetricsText, PROMETHEUS_TEXT, prometheusText } from '@/lib/metrics/exposition'
import type { PrometheusExport } from './PrometheusExport'

export interface MetricsRouteDeps {
  /** Without it only the service key opens them. */
  isOpen: boolean
  serviceKey: string
  metrics: () => Metrics
  prometheus: PrometheusExport
}

/** `GET /metrics`: JSON unless `Accept` prefers one of the formats that Prometheus reads. */
export function registerMetricsRoute(server: FastifyInstance, deps: MetricsRouteDeps): void {
  server.get('/metrics', async (request, reply) => {
    if (!deps.isOpen) requireServiceKey(request.headers.authorization, deps.serviceKey)
    void reply.header('Cache-Control', 'no-store').header('Vary', 'Accept')
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
