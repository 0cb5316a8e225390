import type { Config } from '@/lib/env/config'

/**
 * Where the browser finds the socket server: as configured, else on the host name it asked us by, at SOCKET_PORT. So a
 * phone that opened http://192.168.1.5:3000 is sent to http://192.168.1.5:3001.
 */
export function socketUrl(
  config: Pick<Config, 'publicUrl' | 'socketPublicUrl' | 'socketPort'>,
  request: Request,
): string {
  if (config.socketPublicUrl) return config.socketPublicUrl
  const url = new URL(config.publicUrl)
  const host = request.headers.get('host')
  if (host && URL.canParse(`http://${host}`)) url.hostname = new URL(`http://${host}`).hostname
  url.port = String(config.socketPort)
  return url.origin
}
