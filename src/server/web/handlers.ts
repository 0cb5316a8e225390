import { accountCommands } from '@/contracts/account'
import type { adminQueries } from '@/contracts/admin'
import { audiencePermissions, namespaceOf } from '@/contracts/audiences'
import type { auditQueries } from '@/contracts/audit'
import { authCommands, type UserData } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'
import type { notificationQueries } from '@/contracts/notifications'
import type { peopleCommands } from '@/contracts/people'
import type { mailCommands } from '@/contracts/preferences'
import type { pushCommands } from '@/contracts/push'
import type { userQueries } from '@/contracts/users'
import type { webhookCommands } from '@/contracts/webhooks'
import type { BrowserSessions } from '@/lib/auth/lucia'
import type { RequestSessions } from '@/lib/auth/requestSessions'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import type { RuntimeConfig } from '@/lib/env/config'
import { visitOf } from '@/lib/http/visit'
import type { HttpContext } from '@/lib/pipeline/createRoute'
import type { AnyHandler, HandlerTable } from '@/lib/pipeline/handlers'
import { requireAccess } from '@/lib/pipeline/permissions'
import type { ResetLimit } from '@/lib/rate-limit/resetLimit'
import type { AuditReader } from '@/services/audit/AuditReader'
import type { NotificationService } from '@/services/notifications/NotificationService'
import type { PushService } from '@/services/push/PushService'
import type { Logger } from '@/services/shared/Logger'
import type { AuthService, SignedIn } from '@/services/users/AuthService'
import type { ForgottenPassword } from '@/services/users/ForgottenPassword'
import type { PeopleService } from '@/services/users/PeopleService'
import type { WebhookService } from '@/services/webhooks/WebhookService'
import { type PersonServices, personHandlers } from '../personHandlers'
import { type AccountServices, accountHandlers } from './accountHandlers'
import type { AppIdentity } from './createIdentity'
import { socketUrl } from './socketUrl'
import { systemMetrics } from './systemMetrics'

export interface WebServices extends AccountServices, PersonServices {
  config: RuntimeConfig
  requestSessions: RequestSessions
  /** Of the app that this is part of; undefined: people sign in by Tandem's own. */
  identity: AppIdentity | undefined
  auth: AuthService
  /** Undefined where no e-mail is sent. */
  forgotten: ForgottenPassword | undefined
  resetLimit: ResetLimit
  tokens: SessionTokens
  people: PeopleService
  push: PushService
  audit: AuditReader
  /** Makes notifications, also for people whom nobody has seen here yet. */
  notify: NotificationService['create']
  webhooks: WebhookService
  logger: Logger
}

/** What each command of port 3000 does, by name: those of the namespaces, and those that HTTP alone has. */
export function webHandlers(services: WebServices): Record<string, AnyHandler> {
  const { identity } = services
  return {
    ...personHandlers(services),
    ...sessionHandlers(services),
    // Where people sign in elsewhere, none of this is there.
    ...(identity ? identityHandlers(identity, services) : { ...authHandlers(services), ...accountHandlers(services) }),
    ...httpHandlers(services),
    ...peopleHandlers(services),
    ...pushHandlers(services),
    ...webhookHandlers(services),
  }
}

const visitFrom = ({ request, sessionCookie, address }: HttpContext) => visitOf(request, sessionCookie, address())

/** Gives the browser its cookie, and the page who this is: what the session may do can be less than the account may. */
async function admit(
  sessions: BrowserSessions,
  { headers }: HttpContext,
  { user, session }: SignedIn,
): Promise<UserData> {
  headers.append('Set-Cookie', sessions.cookie(session))
  return { user: (await sessions.read(session.secretId))?.currentUser ?? user }
}

const noMail = () => new AppError('NOT_FOUND', { message: 'This installation sends no e-mail.' })

/** What a session is for, however it began. */
type SessionCommand = 'session' | 'sessionToken'

const authHandlers = ({
  auth,
  forgotten,
  resetLimit,
  sessions,
  signInLimit,
}: WebServices): HandlerTable<Omit<typeof authCommands, SessionCommand>, HttpContext> => ({
  async register(context, input) {
    return admit(sessions, context, await auth.register(input, visitFrom(context)))
  },

  async login(context, input) {
    const entered = await signInLimit({ account: input.email, address: context.address() }, context.tellLimit, () =>
      auth.login(input, visitFrom(context)),
    )
    if ('challenge' in entered) return { secondFactor: true, challenge: entered.challenge }
    return admit(sessions, context, entered)
  },

  async secondFactor(context, input) {
    const entered = await signInLimit({ account: null, address: context.address() }, context.tellLimit, () =>
      auth.passSecondFactor(input, visitFrom(context)),
    )
    return admit(sessions, context, entered)
  },

  async forgotPassword(_, { email }) {
    if (!forgotten) throw noMail()
    // Whoever asks too often has had mails enough, and is answered like everybody.
    if (await resetLimit(email)) await forgotten.ask(email)
  },

  async resetPassword({ actor }, input) {
    if (!forgotten) throw noMail()
    await forgotten.reset(actor, input)
  },

  async demo(context, input) {
    return admit(sessions, context, await auth.enterDemo(input, visitFrom(context)))
  },

  async logout({ sessionCookie, headers, actor }) {
    if (sessionCookie !== undefined) await auth.logout(sessionCookie, actor)
    headers.append('Set-Cookie', sessions.cookie(null))
  },
})

const sessionHandlers = ({
  config,
  requestSessions,
  tokens,
}: WebServices): HandlerTable<Pick<typeof authCommands, SessionCommand>, HttpContext> => ({
  async session({ request, headers }) {
    const session = await requestSessions.read(request, headers)
    if (!session) throw new AppError('UNAUTHENTICATED')
    return { user: session.currentUser }
  },

  async sessionToken({ user, request }, { namespace }) {
    requireAccess(user, audiencePermissions[namespace])
    const { token, expiresAt } = tokens.issue({ userId: user.id, sessionId: user.sessionId }, namespace)
    return { token, expiresAt: expiresAt.toISOString(), url: socketUrl(config, request, namespaceOf(namespace)) }
  },
})

const nothingHere = async (): Promise<never> => {
  throw new AppError('NOT_FOUND', { message: 'People sign in elsewhere: there is nothing at this address.' })
}

/** Where people sign in elsewhere: Tandem's own ways in are not there, and whom it has not seen yet the app may know. */
const identityHandlers = (identity: AppIdentity, { users }: WebServices): Record<string, AnyHandler> => {
  const { session, sessionToken, ...ownWaysIn } = { ...authCommands, ...accountCommands }
  const rows: HandlerTable<typeof userQueries> = {
    async findUsers({ user }, { query }) {
      const found = await identity.find(query, user.id)
      return found ? { users: found } : users.find(user, query)
    },
  }
  return { ...Object.fromEntries(Object.keys(ownWaysIn).map((name) => [name, nothingHere])), ...rows }
}

const peopleHandlers = ({ people }: WebServices): HandlerTable<typeof peopleCommands> => ({
  listAccounts: (_, { query, cursor }) => people.list(query, cursor),

  changeAccount: ({ actor }, change) => people.change(actor, change),

  endSessionsOf: ({ actor }, { id }) => people.endSessions(actor, id),
})

const webhookHandlers = ({ webhooks }: WebServices): HandlerTable<typeof webhookCommands> => ({
  listWebhooks: async () => ({ webhooks: await webhooks.list() }),

  createWebhook: ({ actor }, input) => webhooks.create(actor, input),

  readWebhook: (_, { id }) => webhooks.read(id),

  changeWebhook: ({ actor }, change) => webhooks.change(actor, change),

  deleteWebhook: ({ actor }, { id }) => webhooks.delete(actor, id),

  rotateWebhookSecret: ({ actor }, { id }) => webhooks.rotate(actor, id),

  listDeliveries: (_, query) => webhooks.deliveries(query),

  replayDelivery: ({ actor }, { id, deliveryId }) => webhooks.replay(actor, id, deliveryId),

  replayWebhook: ({ actor }, span) => webhooks.replaySpan(actor, span),
})

const pushHandlers = ({ push }: WebServices): HandlerTable<typeof pushCommands> => ({
  readPushKey: async () => push.key(),

  subscribeToPush: ({ user }, subscription) => push.subscribe(user, subscription),

  unsubscribeFromPush: ({ user }, { endpoint }) => push.unsubscribe(user, endpoint),
})

type HttpQueries = typeof adminQueries &
  typeof auditQueries &
  typeof mailCommands &
  Pick<typeof notificationQueries, 'createNotifications'>

const httpHandlers = (services: WebServices): HandlerTable<HttpQueries, HttpContext> => {
  const { preferences, audit } = services
  return {
    systemMetrics: () => systemMetrics(services),

    listAudit: (_, query) => audit.list(query),

    async exportAudit({ headers }, filter) {
      headers.set('Content-Type', 'text/csv; charset=utf-8')
      headers.set('Content-Disposition', `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.csv"`)
      return audit.export(filter)
    },

    endDigests: (_, { token }) => preferences.endDigests(token),

    createNotifications({ request }, input) {
      const key = request.headers.get('idempotency-key') ?? undefined
      if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
        throw new AppError('BAD_REQUEST', { message: 'An Idempotency-Key has 1 to 200 visible ASCII characters.' })
      }
      return services.notify(input, key)
    },
  }
}
