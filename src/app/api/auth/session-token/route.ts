import { authCommands, namespaces } from '@/contracts/auth'
import { mayUse, namespacePermission, requirePermission } from '@/lib/pipeline/permissions'
import { route } from '@/server/web/routes'
import { socketUrl } from '@/server/web/socketUrl'

export const GET = route.user(
  authCommands.sessionToken,
  { name: 'sessionToken', from: 'query' },
  async ({ app, user, request }, { namespace }) => {
    if (namespace) requirePermission(user.role, namespacePermission[namespace])
    const audience = namespace ? [namespace] : namespaces.filter((name) => mayUse(user.role, namespacePermission[name]))
    const { token, expiresAt } = await app.tokens.issue({ userId: user.id, sessionId: user.sessionId }, audience)
    return { token, expiresAt: expiresAt.toISOString(), url: socketUrl(app.config, request, namespace) }
  },
)
