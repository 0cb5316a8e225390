import { authCommands } from '@/contracts/auth'
import { setRateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { route } from '@/server/web/routes'

export const POST = route.anyone(
  authCommands.login,
  // Limited below, where the account is known.
  { name: 'login', from: 'body' },
  async ({ app, sessionCookie, address, reply }, input) => {
    const { user, session } = await app.limiter.signIn(
      { account: input.email, address: address() },
      (state) => setRateLimitHeaders(reply.headers, state),
      () => app.auth.login(input, sessionCookie),
    )
    reply.headers.append('Set-Cookie', app.sessions.cookie(session))
    return { user }
  },
)
