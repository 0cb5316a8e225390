import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const POST = route.anyone(
  authCommands.demo,
  { name: 'demo', from: 'body', limit: 'auth' },
  async ({ app, sessionCookie, reply }, input) => {
    const { user, session } = await app.auth.enterDemo(input, sessionCookie)
    reply.headers.append('Set-Cookie', app.sessions.cookie(session))
    return { user }
  },
)
