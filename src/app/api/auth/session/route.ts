import { authCommands } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'
import { route } from '@/server/web/routes'

export const GET = route.anyone(
  authCommands.session,
  { name: 'session', from: 'nothing' },
  async ({ app, sessionCookie }) => {
    const session = await app.sessions.read(sessionCookie)
    if (!session) throw new AppError('UNAUTHENTICATED')
    return { user: session.currentUser }
  },
)
