import type { Namespace } from '@/contracts/namespaces'
import type { Config } from '@/lib/env/config'

/**
 * Where the browser finds the socket server of a namespace (absent: of those that have no address of their own): as configured, else on the host name it asked us by, at SOCKET_PORT. So a
 * phone that opened http://192.168.1.5:3000 is sent to http://192.168.1.5:3001.
 */
export function socketUrl(
  config: Pick<Config, 'publicUrl' | 'socketPublicUrls' | 'socketPort'>,
  request: Request,
  namespace?: Namespace,
): string {
  const configured = (namespace && config.socketPublicUrls[namespace]) ?? config.socketPublicUrls.any
  if (configured) return configured
  const url = new URL(config.publicUrl)
  const host = request.headers.get('host')
  if (host && URL.canParse(`http://${host}`)) url.hostname = new URL(`http://${host}`).hostname
  url.port = String(config.socketPort)
  return url.origin
}
