import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { splitAddress } from '@/contracts/httpRequest'
import { parseConfig } from '@/lib/env/parseConfig'
import type { NextRoute } from '@/lib/pipeline/createRoute'
import { watchRequests } from '@/server/web/watchRequests'

type RouteHandler = (
  request: Request,
  context: { params: Promise<Record<string, string> | undefined> },
) => Promise<Response> | Response
type RouteModule = Record<string, RouteHandler | unknown>

/** The app's real route files, at the addresses Next gives them. */
const modules = import.meta.glob<RouteModule>('/src/app/api/**/route.ts')

/** Routes of a test's own, as their files would be. */
const filesOf = (routes: readonly NextRoute[]): [file: string, load: () => Promise<RouteModule>][] =>
  routes.map((route) => {
    if (typeof route.command.http !== 'string') throw new Error(`${route.command.name} has no address.`)
    const { method, path } = splitAddress(route.command.http)
    return [`/src/app${path.replaceAll(/:(\w+)/g, '[$1]')}/route.ts`, async () => ({ [method]: route })]
  })

function findModule(
  files: [file: string, load: () => Promise<RouteModule>][],
  pathname: string,
): { load: () => Promise<RouteModule>; params: Record<string, string> | undefined } | undefined {
  // As in Next, an address without a placeholder comes before one with.
  const inOrder = [...files].sort(([a], [b]) => Number(a.includes('[')) - Number(b.includes('[')))
  for (const [file, load] of inOrder) {
    const names: string[] = []
    const address = file
      .replace('/src/app', '')
      .replace('/route.ts', '')
      .replace(/\[(\w+)\]/g, (_, name: string) => {
        names.push(name)
        return '([^/]+)'
      })
    const match = pathname.match(new RegExp(`^${address}$`))
    const values = match && Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')]))
    // As Next does: decoded, and undefined where the address has no placeholder.
    if (values) return { load, params: names.length > 0 ? values : undefined }
  }
  return undefined
}

const isDecodable = (pathname: string): boolean => {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

/**
 * Serves the app's route handlers over real HTTP, and `routes` beside them, without Next's pages around them; at any free port
 * unless one is named.
 */
export async function startWebServer(
  routes: readonly NextRoute[] = [],
  at = 0,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const stopWatching = watchRequests(parseConfig(process.env)) // as src/instrumentation.ts does
  const files = [...Object.entries(modules), ...filesOf(routes)]
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
    if (!isDecodable(url.pathname)) {
      outgoing.writeHead(400).end() // likewise
      return
    }
    const found = findModule(files, url.pathname)
    const handler = (await found?.load())?.[incoming.method ?? 'GET']
    if (typeof handler !== 'function') {
      outgoing.writeHead(found ? 405 : 404).end()
      return
    }
    // Whoever asked did not wait for the file to be loaded, and took the body along.
    if (incoming.socket.destroyed) return
    const response: Response = await handler(toRequest(incoming, url), { params: Promise.resolve(found?.params) })
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
    outgoing.writeHead(response.status)
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is always this
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      stopWatching()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toRequest(incoming: IncomingMessage, url: URL): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  return new Request(url, {
    method: incoming.method ?? 'GET',
    headers,
    // Node's two types of one stream: they differ in their declarations only.
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  })
}
