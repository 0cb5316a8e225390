import type { adminQueries } from '@/contracts/admin'
import { audiencePermissions, namespaceOf } from '@/contracts/audiences'
import type { auditQueries } from '@/contracts/audit'
import type { authCommands, UserData } from '@/contracts/auth'
import type { chatQueries } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import type { messageDetailQueries } from '@/contracts/messageDetails'
import type { notificationQueries } from '@/contracts/notifications'
import type { peopleCommands } from '@/contracts/people'
import type { userQueries } from '@/contracts/users'
import type { BrowserSessions } from '@/lib/auth/lucia'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import type { RuntimeConfig } from '@/lib/env/config'
import { visitOf } from '@/lib/http/visit'
import type { HttpContext } from '@/lib/pipeline/createRoute'
import type { AnyHandler, HandlerTable } from '@/lib/pipeline/handlers'
import { requireAccess } from '@/lib/pipeline/permissions'
import { chatHandlers } from '@/lib/sockets/namespaces/chat/handlers'
import { notificationHandlers } from '@/lib/sockets/namespaces/notifications/handlers'
import type { AuditReader } from '@/services/audit/AuditReader'
import type { BlockService } from '@/services/chat/BlockService'
import type { ChatMessageService } from '@/services/chat/ChatMessageService'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import type { GroupService } from '@/services/chat/GroupService'
import type { SearchService } from '@/services/chat/SearchService'
import type { NotificationService } from '@/services/notifications/NotificationService'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import type { Logger } from '@/services/shared/Logger'
import type { AuthService, SignedIn } from '@/services/users/AuthService'
import type { PeopleService } from '@/services/users/PeopleService'
import type { UserDirectory } from '@/services/users/UserDirectory'
import { type AccountServices, accountHandlers } from './accountHandlers'
import { socketUrl } from './socketUrl'
import { systemMetrics } from './systemMetrics'

export interface WebServices extends AccountServices {
  config: RuntimeConfig
  auth: AuthService
  tokens: SessionTokens
  users: UserDirectory
  people: PeopleService
  messages: ChatMessageService
  rooms: ChatRoomService
  groups: GroupService
  blocks: BlockService
  search: SearchService
  notifications: NotificationService
  presence: ChatPresenceService
  audit: AuditReader
  logger: Logger
}

/** What each command of port 3000 does, by name: those of the namespaces, and those that HTTP alone has. */
export function webHandlers(services: WebServices): Record<string, AnyHandler> {
  const rows = {
    ...chatHandlers(services),
    ...notificationHandlers(services),
    ...authHandlers(services),
    ...accountHandlers(services),
    ...queryHandlers(services),
    ...peopleHandlers(services),
  }
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, typeof row === 'function' ? row : row.handle]),
  )
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

const authHandlers = ({
  config,
  auth,
  sessions,
  tokens,
  signInLimit,
}: WebServices): HandlerTable<typeof authCommands, HttpContext> => ({
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

  async demo(context, input) {
    return admit(sessions, context, await auth.enterDemo(input, visitFrom(context)))
  },

  async logout({ sessionCookie, headers, actor }) {
    if (sessionCookie !== undefined) await auth.logout(sessionCookie, actor)
    headers.append('Set-Cookie', sessions.cookie(null))
  },

  async session({ sessionCookie }) {
    const session = await sessions.read(sessionCookie)
    if (!session) throw new AppError('UNAUTHENTICATED')
    return { user: session.currentUser }
  },

  async sessionToken({ user, request }, { namespace }) {
    requireAccess(user, audiencePermissions[namespace])
    const { token, expiresAt } = tokens.issue({ userId: user.id, sessionId: user.sessionId }, namespace)
    return { token, expiresAt: expiresAt.toISOString(), url: socketUrl(config, request, namespaceOf(namespace)) }
  },
})

const peopleHandlers = ({ people }: WebServices): HandlerTable<typeof peopleCommands> => ({
  listAccounts: (_, { query, cursor }) => people.list(query, cursor),

  changeAccount: ({ actor }, change) => people.change(actor, change),

  endSessionsOf: ({ actor }, { id }) => people.endSessions(actor, id),
})

type Queries = typeof adminQueries &
  typeof auditQueries &
  typeof chatQueries &
  typeof messageDetailQueries &
  typeof notificationQueries &
  typeof userQueries

const queryHandlers = (services: WebServices): HandlerTable<Queries, HttpContext> => {
  const { rooms, groups, blocks, messages, search, notifications, users, audit } = services
  return {
    systemMetrics: () => systemMetrics(services),

    listAudit: (_, query) => audit.list(query),

    async exportAudit({ headers }, filter) {
      headers.set('Content-Type', 'text/csv; charset=utf-8')
      headers.set('Content-Disposition', `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.csv"`)
      return audit.export(filter)
    },

    listRooms: ({ user }, { cursor }) => rooms.list(user, cursor),

    readRoom: ({ user }, { roomId }) => rooms.load(user.id, roomId),

    listParticipants: ({ user }, { roomId, cursor }) => groups.list(user, roomId, cursor),

    listReactions: ({ user }, query) => messages.reactions(user, query),

    messageDetails: ({ user }, query) => messages.details(user, query),

    listBlocked: ({ user }, { cursor }) => blocks.list(user, cursor),

    history: ({ user }, input) => messages.history(user, input),

    searchMessages: ({ user }, query) => search.find(user, query),

    findUsers: ({ user }, { query }) => users.find(user, query),

    listNotifications: ({ user }, query) => notifications.list(user, query),

    createNotifications({ request }, input) {
      const key = request.headers.get('idempotency-key') ?? undefined
      if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
        throw new AppError('BAD_REQUEST', { message: 'An Idempotency-Key has 1 to 200 visible ASCII characters.' })
      }
      return notifications.create(input, key)
    },

    createTestNotification: ({ user }, content) => notifications.create({ userId: user.id, ...content }),
  }
}
