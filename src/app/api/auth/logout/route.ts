import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const POST = route.anyone(
  authCommands.logout,
  { name: 'logout', from: 'nothing' },
  async ({ app, sessionCookie, reply }) => {
    if (sessionCookie !== undefined) await app.auth.logout(sessionCookie)
    reply.headers.append('Set-Cookie', app.sessions.cookie(null))
    reply.status = 204
  },
)
