import { collectDefaultMetrics, Registry } from 'prom-client'
import { requireScope, type ServiceKeys } from '@/lib/auth/serviceKey'
import { isStrict } from '@/lib/env/appEnv'
import type { RuntimeConfig } from '@/lib/env/config'
import { requestAddress } from '@/lib/http/remoteAddress'
import { mergeExpositions, PROMETHEUS_TEXT, prometheusText } from '@/lib/metrics/exposition'
import { Tally } from '@/lib/metrics/Tally'
import { createWebMetrics, type WebMetrics } from '@/lib/metrics/web'
import { requireListed } from '@/lib/pipeline/allowedAddress'
import type { Logger } from '@/services/shared/Logger'

/** How long a socket server may take, in milliseconds. */
const SOCKET_SERVER_MS = 2_000

export interface WebProcessMetricsDeps {
  config: Pick<
    RuntimeConfig,
    'appEnv' | 'metricsPublic' | 'socketInternalUrls' | 'serviceKey' | 'allowLists' | 'trustedProxyHops'
  >
  serviceKeys: ServiceKeys
  /** Log lines that did not reach their file. */
  logFailures: () => number
  logger: Logger
}

/** The series of this process, and those of the socket servers beside them. */
export class WebProcessMetrics {
  readonly series: WebMetrics
  private readonly registry = new Registry()
  private readonly logFailures: Tally

  constructor(private readonly deps: WebProcessMetricsDeps) {
    this.series = createWebMetrics(this.registry, deps.config.appEnv)
    this.logFailures = new Tally(this.series.logFailures.labels())
    collectDefaultMetrics({ register: this.registry })
  }

  /** An API request was answered. */
  requestDone = (route: string, status: number, durationMs: number): void => {
    this.series.httpDuration.observe({ route, status_code: String(status) }, durationMs / 1_000)
  }

  /** `GET /api/metrics`. @throws AppError UNAUTHENTICATED, FORBIDDEN (for whom it is open: CONTRACT, Port 3001). */
  async respond(request: Request): Promise<Response> {
    const { config, serviceKeys } = this.deps
    requireListed(config.allowLists, 'metrics', requestAddress(request, config.trustedProxyHops))
    if (isStrict(config.appEnv) && !config.metricsPublic) {
      requireScope(serviceKeys.require(request.headers.get('authorization')), 'metrics')
    }
    return new Response(await this.text(), {
      headers: { 'Content-Type': PROMETHEUS_TEXT, 'Cache-Control': 'no-store' },
    })
  }

  private async text(): Promise<string> {
    const targets = await Promise.all(
      this.deps.config.socketInternalUrls.map(async (target) => ({ target, text: await this.socketServer(target) })),
    )
    for (const { target, text } of targets) this.series.socketServerUp.set({ target }, text === undefined ? 0 : 1)
    this.logFailures.add(this.deps.logFailures() - this.logFailures.value)
    this.logFailures.sync()
    return mergeExpositions([
      { text: await prometheusText(this.registry) },
      ...targets.flatMap(({ target, text }) => (text === undefined ? [] : [{ text, labels: { target } }])),
    ])
  }

  /** Undefined when it does not answer as it should. */
  private async socketServer(target: string): Promise<string | undefined> {
    try {
      const response = await fetch(`${target}/metrics`, {
        headers: { accept: 'text/plain', authorization: `Bearer ${this.deps.config.serviceKey}` },
        signal: AbortSignal.timeout(SOCKET_SERVER_MS),
      })
      const isText = response.headers.get('content-type')?.startsWith('text/plain') ?? false
      if (!response.ok || !isText) throw new Error(`It answered with status ${response.status}.`)
      return await response.text()
    } catch (error) {
      this.deps.logger.debug('a socket server gave no metrics', { error, target })
      return undefined
    }
  }
}
