import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const POST = route.anyone(
  authCommands.login,
  { name: 'login', from: 'body', limit: 'auth' },
  async ({ app, sessionCookie, reply }, input) => {
    const { user, session } = await app.auth.login(input, sessionCookie)
    reply.headers.append('Set-Cookie', app.sessions.cookie(session))
    return { user }
  },
)
