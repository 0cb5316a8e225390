import type { AuditAction } from '@/contracts/audit'
import { AppError } from '@/contracts/errors'
import { safeNext } from '@/contracts/safeNext'
import { problemNamed, signInProblems } from '@/contracts/signInProblems'
import { clientAddress } from '@/lib/http/clientAddress'
import { readSessionCookie } from '@/lib/http/cookies'
import { refusal } from '@/lib/http/errorResponse'
import { requestAddress } from '@/lib/http/remoteAddress'
import { visitOf } from '@/lib/http/visit'
import { newCorrelationId } from '@/lib/logger/correlation'
import { actorOf } from '@/lib/pipeline/caller'
import { rateLimited } from '@/lib/rate-limit/state'
import type { Actor } from '@/services/audit/ports'
import type { GoogleSignIn } from '@/services/users/GoogleSignIn'
import { type WebApp, webApp } from './app'
import { flowCookie, readFlowCookie } from './flowCookie'

/** `GET /api/auth/google?next=&invite=`: to Google. */
export async function toGoogle(request: Request): Promise<Response> {
  return visit(request, 'google.begin', async ({ app, google, query, redirect }) => {
    const next = safeNext(query.get('next'))
    const { url, secret } = await google.begin({ next, invite: query.get('invite')?.slice(0, 100) || undefined })
    return { response: redirect(url, flowCookie(secret, app.isSecure)) }
  })
}

/** `GET /api/auth/google/callback`: back from it, signed in or with a sentence that says why not. */
export async function fromGoogle(request: Request): Promise<Response> {
  return visit(request, 'google.signIn', async ({ app, google, query, address, actor, redirect }) => {
    const cleared = flowCookie(null, app.isSecure)
    if (query.get('error')) throw new AppError('FORBIDDEN', { message: signInProblems['google-refused'] })
    const sessionCookie = readSessionCookie(request, app.isSecure)
    const here = (await app.sessions.read(sessionCookie))?.sessionUser
    const url = new URL(`${app.config.publicUrl}/api/auth/google/callback?${query}`)
    const outcome = await google.finish(
      url,
      readFlowCookie(request, app.isSecure),
      visitOf(request, sessionCookie, address),
      here,
      actor(here),
    )
    if ('linked' in outcome) return { response: redirect('/account?google=linked', cleared) }
    const { entered, next } = outcome
    if ('challenge' in entered) {
      // What stands behind # reaches no server and no log.
      const login = `/login?step=code&next=${encodeURIComponent(next)}#challenge=${entered.challenge}`
      return { response: redirect(login, cleared), signedIn: actor() }
    }
    return { response: redirect(next, cleared, app.sessions.cookie(entered.session)), signedIn: actor(entered.user) }
  })
}

interface Visiting {
  app: WebApp
  google: GoogleSignIn
  query: URLSearchParams
  /** As limits count it. */
  address: string
  /** Whoever this is, for the audit log. */
  actor: (who?: Parameters<typeof actorOf>[0]) => Actor
  redirect: (to: string, ...cookies: string[]) => Response
}

/** What both ways have in common: limited by address, kept in the audit log, and failing on a page instead of in JSON. */
async function visit(
  request: Request,
  action: Extract<AuditAction, `google.${string}`>,
  work: (visiting: Visiting) => Promise<{ response: Response; signedIn?: Actor }>,
): Promise<Response> {
  let app: WebApp
  try {
    app = await webApp()
  } catch (cause) {
    return refusal(new AppError('UNAVAILABLE', { cause }))
  }
  const { google, pipeline } = app
  if (!google) return refusal(new AppError('NOT_FOUND', { message: 'There is no sign-in with Google here.' }))
  const address = clientAddress(request, app.trustedProxyHops)
  const correlationId = newCorrelationId()
  const from = { address: requestAddress(request, app.trustedProxyHops), origin: request.headers.get('origin') }
  const actor: Visiting['actor'] = (who) => actorOf(who, { transport: 'http', correlationId, ...from })
  const redirect = (to: string, ...cookies: string[]) =>
    new Response(null, {
      status: 302,
      headers: [
        ['Location', new URL(to, app.config.publicUrl).href],
        ['Cache-Control', 'no-store'],
        ...cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]),
      ],
    })
  // Setting out counts; coming back only when it fails: an office behind one address signs in on Monday morning.
  const isBack = action === 'google.signIn'
  const counted = isBack ? `back from Google ${address}` : address
  const count = async () => {
    const state = await pipeline.rateLimit('auth', counted)
    if (state && !state.allowed) throw rateLimited(state)
  }
  try {
    if (!isBack || (await pipeline.isLimitUsedUp?.('auth', counted))) await count()
    const { response, signedIn } = await work({
      app,
      google,
      query: new URL(request.url).searchParams,
      address,
      actor,
      redirect,
    })
    if (signedIn) pipeline.noteAudit?.(signedIn, { action })
    return response
  } catch (thrown) {
    // What is not ours is a check that failed at the way back, or a provider that does not answer.
    const error = thrown instanceof AppError ? thrown : new AppError('FORBIDDEN', { cause: thrown })
    const problem = error.code === 'RATE_LIMITED' ? 'limited' : (problemNamed(error.message) ?? 'google-failed')
    if (isBack && problem !== 'limited') await pipeline.rateLimit('auth', counted)
    pipeline.logger.debug(`${action} was refused`, { correlationId, problem, cause: error.cause })
    pipeline.noteAudit?.(actor(), { action, outcome: error.code, details: { problem } })
    const page = (await app.sessions.read(readSessionCookie(request, app.isSecure)).catch(() => null))
      ? '/account'
      : '/login'
    return redirect(`${page}?problem=${problem}`, flowCookie(null, app.isSecure))
  }
}
