import type { NextRoute } from '@/lib/pipeline/createRoute'

const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i

const tokenOf = (request: Request): string => new URL(request.url).searchParams.get('token') ?? ''

/**
 * The header of a mail names one address for two: a mail program posts a form to it (RFC 8058), and a person who opens it
 * comes to a page with a button. The form's token stands in the address; whoever has it needs neither cookie nor origin.
 */
export const oneClick = (route: NextRoute): NextRoute =>
  Object.assign(
    (request: Request, context: Parameters<NextRoute>[1]) => {
      if (!FORM.test(request.headers.get('content-type') ?? '')) return route(request, context)
      const headers = new Headers(request.headers)
      for (const name of ['content-length', 'origin', 'cookie']) headers.delete(name)
      headers.set('content-type', 'application/json')
      const body = JSON.stringify({ token: tokenOf(request) })
      return route(new Request(request.url, { method: 'POST', headers, body }), context)
    },
    { command: route.command },
  )

/** Changes nothing: whatever looks at the links of mails may. */
export async function toUnsubscribePage(request: Request): Promise<Response> {
  const token = tokenOf(request).replaceAll(/[^\w-]/g, '')
  return new Response(null, {
    status: 302,
    headers: { Location: `/unsubscribe#token=${token}`, 'Cache-Control': 'no-store' },
  })
}
