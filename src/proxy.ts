import { type NextRequest, NextResponse } from 'next/server'
import { BUILD_HEADER, SHELL_PATH } from '@/contracts/shell'
import type { Config } from '@/lib/env/config'
import { parseConfig } from '@/lib/env/parseConfig'
import { NONCE_HEADER, POLICY_HEADER, pageHeaders, SHELL_HEADER } from '@/server/web/pageHeaders'

let configuration: Config | undefined

/** Next calls this before each page: the page gets a policy with a nonce of its own. */
export function proxy(request: NextRequest): NextResponse {
  // biome-ignore lint/style/noProcessEnv: this is where Next's own process begins
  const env = process.env
  configuration ??= parseConfig(env)
  const { nonce, policy, headers } = pageHeaders(configuration, request, env.NODE_ENV === 'development')
  const forPage = new Headers(request.headers)
  forPage.set(NONCE_HEADER, nonce)
  forPage.set(POLICY_HEADER, policy)
  const isShell = request.nextUrl.pathname === SHELL_PATH
  forPage.delete(SHELL_HEADER)
  if (isShell) forPage.set(SHELL_HEADER, 'yes')
  const response = NextResponse.next({ request: { headers: forPage } })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  // biome-ignore lint/style/noProcessEnv: the build writes its mark in here
  if (isShell) response.headers.set(BUILD_HEADER, process.env.NEXT_PUBLIC_BUILD ?? '')
  return response
}

export const config = {
  // Not API routes: a body of over 10 MB would reach them cut off. Not files: they are the same for everybody.
  matcher: ['/((?!api/|_next/static/|_next/image|icon.svg|manifest.webmanifest|worker.js).*)'],
}
