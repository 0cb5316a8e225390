import type { IncomingMessage } from 'node:http'
import { type AppEnv, isStrict } from '@/lib/env/appEnv'
import type { Logger } from '@/services/shared/Logger'

/** Shown each request as it arrived, says once in a strict process that they come through a proxy nobody told us of. */
export function proxyWarning(
  { appEnv, trustedProxyHops }: { appEnv: AppEnv; trustedProxyHops: number },
  logger: Logger,
): (request: Pick<IncomingMessage, 'headers'>) => void {
  let isSilent = !isStrict(appEnv) || trustedProxyHops > 0
  return ({ headers }) => {
    if (isSilent || !headers['x-forwarded-for']) return
    isSilent = true
    logger.warn(
      'Requests come through a proxy (X-Forwarded-For), but TRUSTED_PROXY_HOPS is 0: everybody behind it counts as one address. Set it to the number of your proxies.',
    )
  }
}
