import type { Command, CommandData, CommandParsed } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import type { BrowserSession, BrowserSessions } from '@/lib/auth/lucia'
import { requireServiceKey } from '@/lib/auth/serviceKey'
import { clientAddress } from '@/lib/http/clientAddress'
import { readSessionCookie } from '@/lib/http/cookies'
import { errorResponse } from '@/lib/http/errorResponse'
import { setRateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { readJsonBody } from '@/lib/http/readBody'
import { setUp } from '@/lib/http/setUp'
import type { SessionUser } from '@/services/shared/SessionUser'
import { toAppError } from './errorHandler'
import { requireAllowedOrigin } from './origin'
import { type CommandRules, newCorrelationId, type PipelineDeps, runCommand } from './runCommand'

const CORRELATION_HEADER = 'X-Correlation-Id'
/** A caller's own correlation id is taken over when it is as plain as ours. */
const CORRELATION_PATTERN = /^[\w.:-]{1,64}$/

/** What a route needs of the process it runs in. */
export interface RouteApp {
  pipeline: PipelineDeps
  sessions: BrowserSessions
  allowedOrigins: readonly string[]
  serviceKey: string
  /** Told of every request when it is answered; never throws. */
  observeRequest?: ((route: string, status: number, durationMs: number) => void) | undefined
  /** Proxies of ours that a request has come through. */
  trustedProxyHops: number
}

export interface RouteContext<App, User> {
  app: App
  user: User
  request: Request
  /** The session cookie as it came, valid or not. */
  sessionCookie: string | undefined
  /** Where the request comes from, as limits count it: see `clientAddress`. */
  address: () => string
  /** What the handler may change of its answer: 200 and no cookie unless it says so. */
  reply: { status: number; headers: Headers }
}

export interface RouteOptions extends CommandRules {
  name: string
  /**
   * Where the input comes from, besides the address's own values; a body must be JSON, and the page that sends it of an
   * allowed origin.
   */
  from: 'query' | 'body' | 'nothing'
}

type Handle<App, C extends Command, User> = (
  context: RouteContext<App, User>,
  input: CommandParsed<C>,
) => Promise<CommandData<C>>

/** What Next hands to a route: the request, and the values of `[name]` in its address (none: undefined). */
type NextRoute = (
  request: Request,
  context: { params: Promise<Record<string, string> | undefined> },
) => Promise<Response>

/** The routes of one app: for a session's user, for anyone, or for other services that know the service key. */
export function createRoutes<App extends RouteApp>(getApp: () => Promise<App>) {
  return {
    user: <C extends Command>(command: C, options: RouteOptions, handle: Handle<App, C, SessionUser>): NextRoute =>
      createRoute(getApp, command, options, requireSession, handle),
    anyone: <C extends Command>(command: C, options: RouteOptions, handle: Handle<App, C, null>): NextRoute =>
      createRoute(getApp, command, options, async () => null, handle),
    service: <C extends Command>(command: C, options: RouteOptions, handle: Handle<App, C, null>): NextRoute =>
      createRoute(getApp, command, options, requireService, handle),
  }
}

interface Knock {
  app: RouteApp
  request: Request
  sessionCookie: string | undefined
}

type Authenticate<User> = (knock: Knock) => Promise<User>

const requireService: Authenticate<null> = async ({ app, request }) => {
  requireServiceKey(request.headers.get('authorization'), app.serviceKey)
  return null
}

const requireSession: Authenticate<SessionUser> = async ({ app, sessionCookie }) => {
  const session: BrowserSession | null = await app.sessions.read(sessionCookie)
  if (!session) throw new AppError(sessionCookie ? 'SESSION_EXPIRED' : 'UNAUTHENTICATED')
  return session.sessionUser
}

/** One Next route handler: the same pipeline as a socket command, with HTTP's ends. */
function createRoute<App extends RouteApp, C extends Command, User extends SessionUser | null>(
  getApp: () => Promise<App>,
  command: C,
  options: RouteOptions,
  authenticate: Authenticate<User>,
  handle: Handle<App, C, User>,
): NextRoute {
  return async (request, context) => {
    const started = performance.now()
    const correlationId = correlationIdOf(request)
    const headers = new Headers({ [CORRELATION_HEADER]: correlationId, 'Cache-Control': 'no-store' })
    let app: App
    try {
      app = await setUp(getApp)
    } catch (error) {
      return errorResponse(toAppError(error).toWire(correlationId), headers)
    }
    const answer = (response: Response): Response => {
      app.observeRequest?.(options.name, response.status, performance.now() - started)
      return response
    }
    const reply = { status: 200, headers }
    const sessionCookie = readSessionCookie(request)
    const address = () => clientAddress(request, app.trustedProxyHops)
    const result = await runCommand(app.pipeline, {
      name: options.name,
      command,
      rules: options,
      transport: 'http',
      correlationId,
      authenticate: () => authenticate({ app, request, sessionCookie }),
      limitKey: (user) => user?.id ?? address(),
      tellLimit: (state) => setRateLimitHeaders(headers, state),
      read: async () => {
        const { input, bytes } = await readInput(request, options.from, app.allowedOrigins)
        return { input: withPathValues(input, await context.params), bytes }
      },
      execute: (input, user) => handle({ app, user, request, sessionCookie, address, reply }, input),
    })
    if (!result.ok) return answer(errorResponse(result.error, headers))
    return answer(
      reply.status === 204
        ? new Response(null, { status: 204, headers })
        : Response.json(result.data, { status: reply.status, headers }),
    )
  }
}

async function readInput(
  request: Request,
  from: RouteOptions['from'],
  allowedOrigins: readonly string[],
): Promise<{ input: unknown; bytes: number }> {
  // Next has no check of its own against requests that another site's page makes with our cookie.
  if (request.method !== 'GET') requireAllowedOrigin(request.headers.get('origin') ?? undefined, allowedOrigins)
  if (from === 'body') return readJsonBody(request)
  if (from === 'nothing') return { input: undefined, bytes: 0 }
  const { search, searchParams } = new URL(request.url)
  // A blank value is one that was left out.
  return { input: Object.fromEntries([...searchParams].filter(([, value]) => value !== '')), bytes: search.length }
}

/** What the address says cannot be overridden by a body. */
function withPathValues(input: unknown, values: Record<string, string> | undefined): unknown {
  if (values === undefined) return input
  return typeof input === 'object' && input !== null ? { ...input, ...values } : values
}

function correlationIdOf(request: Request): string {
  const given = request.headers.get(CORRELATION_HEADER)
  return given && CORRELATION_PATTERN.test(given) ? given : newCorrelationId()
}
