import { MetricsSnapshot } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import type { RuntimeConfig } from '@/lib/env/config'
import type { Logger } from '@/services/shared/Logger'

/** How long a socket server may take, in milliseconds. */
const SOCKET_SERVER_MS = 2_000

export interface SystemMetricsDeps {
  config: Pick<RuntimeConfig, 'socketInternalUrls' | 'serviceKey'>
  logger: Logger
}

/**
 * All instances as one, from the first socket server that answers: each knows of the others what the live page shows.
 *
 * @throws AppError UNAVAILABLE when none does.
 */
export async function systemMetrics({ config, logger }: SystemMetricsDeps): Promise<MetricsSnapshot> {
  for (const target of config.socketInternalUrls) {
    try {
      const response = await fetch(`${target}/admin/metrics`, {
        headers: { authorization: `Bearer ${config.serviceKey}` },
        signal: AbortSignal.timeout(SOCKET_SERVER_MS),
      })
      if (!response.ok) throw new Error(`It answered with status ${response.status}.`)
      return MetricsSnapshot.parse(await response.json())
    } catch (error) {
      logger.warn('a socket server gave no figures', { error, target })
    }
  }
  throw new AppError('UNAVAILABLE', { message: 'No socket server answers the web server either.' })
}
