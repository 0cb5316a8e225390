import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const POST = route.anyone(
  authCommands.register,
  { name: 'register', from: 'body', limit: 'auth' },
  async ({ app, sessionCookie, reply }, input) => {
    const { user, session } = await app.auth.register(input, sessionCookie)
    reply.headers.append('Set-Cookie', app.sessions.cookie(session))
    reply.status = 201
    return { user }
  },
)
