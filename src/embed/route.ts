import { site } from '@/contracts/site'
import { find } from './addresses'

/** Every address of the web process, in one: what the catch-all route of an app that Tandem is part of answers with. */
async function everyRoute(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  // A HEAD request comes to the handler of GET.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = pathname.startsWith(`${site.mount}/`) ? find(method, pathname.slice(site.mount.length)) : 404
  return typeof found === 'number' ? new Response(null, { status: found }) : found.handle(request, found.params)
}

export { everyRoute as DELETE, everyRoute as GET, everyRoute as PATCH, everyRoute as POST, everyRoute as PUT }
