import type { Command } from '@/contracts/command'
import type { Reply } from '@/contracts/errors'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { isForServices, serviceScopeOf } from '@/contracts/permissions'
import type { RequestSessions } from '@/lib/auth/requestSessions'
import type { ServiceKeys } from '@/lib/auth/serviceKey'
import { clientAddress } from '@/lib/http/clientAddress'
import { readSessionCookie } from '@/lib/http/cookies'
import { errorResponse } from '@/lib/http/errorResponse'
import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { readJsonBody, requireNoForm } from '@/lib/http/readBody'
import { requestAddress } from '@/lib/http/remoteAddress'
import { apiHeaders } from '@/lib/http/securityHeaders'
import { setUp } from '@/lib/http/setUp'
import { CORRELATION_HEADER, correlationIdOf } from '@/lib/logger/correlation'
import type { RateLimitState } from '@/lib/rate-limit/state'
import type { SessionUser } from '@/services/shared/SessionUser'
import { requireSession } from './auth'
import type { CommandUser, Service } from './caller'
import { toAppError } from './errorHandler'
import type { AnyHandler, Handler } from './handlers'
import { requireAllowedOrigin } from './origin'
import { type PipelineDeps, runCommand } from './runCommand'
import { readForm } from './validation'

/** What a route needs of the process it runs in. */
export interface RouteApp {
  pipeline: PipelineDeps
  requestSessions: RequestSessions
  /** Whether pages are served by https. */
  isSecure: boolean
  allowedOrigins: readonly string[]
  serviceKeys: ServiceKeys
  /** What each command does, by name. */
  handlers: Readonly<Record<string, AnyHandler>>
  /** Told of every request when it is answered; never throws. */
  observeRequest?: ((route: string, status: number, durationMs: number) => void) | undefined
  /** Proxies of ours that a request has come through. */
  trustedProxyHops: number
}

/** What HTTP adds to a handler's context; for those few commands that are about HTTP itself. */
export interface HttpContext {
  request: Request
  /** The session cookie as it came, valid or not. */
  sessionCookie: string | undefined
  /** Where the request comes from, as limits count it: see `clientAddress`. */
  address: () => string
  /** Of the answer. */
  headers: Headers
  /** Says there what is left of a limit that the handler counts itself. */
  tellLimit: (state: RateLimitState) => void
}

/** What Next hands to a route: the request, and the values of `[name]` in its address (none: undefined). */
export interface NextRoute {
  (request: Request, context: { params: Promise<Record<string, string> | undefined> }): Promise<Response>
  /** What it answers. */
  command: Command
}

/** One Next route handler: the same pipeline as a socket command, with HTTP's ends. */
export function createRoute(getApp: () => Promise<RouteApp>, command: Command): NextRoute {
  const route = async (
    request: Request,
    context: { params: Promise<Record<string, string> | undefined> },
  ): Promise<Response> => {
    const started = performance.now()
    const correlationId = correlationIdOf(request.headers.get(CORRELATION_HEADER))
    const headers = new Headers({ ...apiHeaders, [CORRELATION_HEADER]: correlationId })
    let app: RouteApp
    try {
      app = await setUp(getApp)
    } catch (error) {
      return errorResponse(toAppError(error).toWire(correlationId), headers)
    }
    const sessionCookie = readSessionCookie(request, app.isSecure)
    const address = () => clientAddress(request, app.trustedProxyHops)
    const tellLimit = (state: RateLimitState) => {
      for (const [name, value] of rateLimitHeaders(state)) headers.set(name, value)
    }
    let made = command.created === 'always'
    const created = () => {
      made = command.created !== undefined
    }
    const authorization = request.headers.get('authorization')
    // A browser may send another header of that name, for a proxy before us.
    const isByService =
      isForServices(command.permission) || (command.alsoForServices && authorization?.startsWith('Bearer '))
    const scope = isByService ? serviceScopeOf(command.permission) : undefined
    const result = await runCommand<Command, SessionUser | Service | null>(app.pipeline, {
      command,
      transport: 'http',
      correlationId,
      access: scope && `service:${scope}`,
      from: () => ({
        address: requestAddress(request, app.trustedProxyHops),
        origin: request.headers.get('origin'),
      }),
      isKnown: () => !needsSession(command) || app.requestSessions.isKnown(request),
      authenticate: async () => {
        if (command.permission === 'anyone') return null
        if (isByService) return app.serviceKeys.require(authorization)
        return requireSession(app.requestSessions, request, headers)
      },
      limitKey: (caller) => (caller && 'id' in caller ? caller.id : address()),
      tellLimit,
      read: async () => {
        const { fields, bytes } = await readFields(request, app.allowedOrigins, command)
        return { input: readForm(command, withPathValues(fields, await context.params)), bytes }
      },
      execute: (input, caller, actor) => {
        // It is the one of this command's name: its types were checked where its table was written.
        const handle = app.handlers[command.name] as Handler<Command, HttpContext> | undefined
        if (!handle) throw new Error(`${command.name} has no handler in this process.`)
        // Who it is depends on the declaration, which was checked before.
        const user = (caller && 'id' in caller ? caller : null) as CommandUser<Command>
        return handle({ user, actor, created, request, sessionCookie, address, headers, tellLimit }, input)
      },
    })
    const response = respond(result, made, headers)
    app.observeRequest?.(command.name, response.status, performance.now() - started)
    return response
  }
  return Object.assign(route, { command })
}

function respond(result: Reply<unknown>, made: boolean, headers: Headers): Response {
  if (!result.ok) return errorResponse(result.error, headers)
  if (result.data instanceof ReadableStream) return new Response(result.data, { headers })
  if (result.data === undefined) return new Response(null, { status: 204, headers })
  return Response.json(result.data, { status: made ? 201 : 200, headers })
}

/** What the query or the body says; a body must be JSON, and the page that sends it of an allowed origin. */
async function readFields(
  request: Request,
  allowedOrigins: readonly string[],
  command: Command,
): Promise<{ fields: unknown; bytes: number }> {
  // By the declaration: a HEAD request comes to the handler of GET.
  const method = methodOf(command)
  // Next has no check of its own against requests that another site's page makes with our cookie.
  if (method !== 'GET') {
    requireAllowedOrigin(request.headers.get('origin') ?? undefined, allowedOrigins)
    requireNoForm(request)
  }
  if (takesNothing(command)) return { fields: undefined, bytes: 0 }
  if (hasBody(method)) {
    // Its address mostly says all that there is to say.
    const isAddressed = method === 'DELETE' || method === 'PUT' || hasPlaces(command)
    if (isAddressed && request.headers.get('content-type') === null) return { fields: {}, bytes: 0 }
    const { input, bytes } = await readJsonBody(request)
    return { fields: input, bytes }
  }
  const { search, searchParams } = new URL(request.url)
  // A blank value is one that was left out.
  return { fields: Object.fromEntries([...searchParams].filter(([, value]) => value !== '')), bytes: search.length }
}

const needsSession = ({ permission }: Command): boolean => permission !== 'anyone' && !isForServices(permission)

const methodOf = ({ http }: Command): string => (typeof http === 'string' ? splitAddress(http).method : 'GET')

/** Whether its address names something: `:roomId`. */
const hasPlaces = ({ http }: Command): boolean => typeof http === 'string' && http.includes('/:')

/** What takes nothing reads nothing. */
const takesNothing = ({ input, httpForm }: Command): boolean =>
  input.safeParse(undefined).success && !input.safeParse({}).success && !httpForm

/** What the address says cannot be overridden by a body; a body that is no object is refused with the input. */
function withPathValues(fields: unknown, values: Record<string, string> | undefined): unknown {
  if (values === undefined) return fields
  if (fields === undefined) return values
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { ...fields, ...values } : fields
}
