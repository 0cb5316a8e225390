import type { accountCommands } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { BrowserSessions } from '@/lib/auth/lucia'
import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import type { HttpContext } from '@/lib/pipeline/createRoute'
import type { HandlerTable } from '@/lib/pipeline/handlers'
import type { SignInLimit } from '@/lib/rate-limit/signInLimit'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { AccountService } from '@/services/users/AccountService'

export interface AccountServices {
  account: AccountService
  sessions: BrowserSessions
  signInLimit: SignInLimit
}

/** What port 3000 does with one's own account. */
export function accountHandlers({
  account,
  signInLimit,
}: AccountServices): HandlerTable<typeof accountCommands, HttpContext> {
  /**
   * Runs what asks for a person's password, with wrong ones counted as those of signing in. A wrong one is a bad field
   * here (`path`): the session is as good as before.
   */
  async function withPassword<Result>(
    user: SessionUser,
    { address, headers }: HttpContext,
    path: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await signInLimit(
        { account: user.id, address: address() },
        (state) => {
          for (const [name, value] of rateLimitHeaders(state)) headers.set(name, value)
        },
        work,
      )
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error
      throw new AppError('BAD_REQUEST', { message: error.message, issues: [{ path, message: error.message }] })
    }
  }

  return {
    listSessions: async ({ user }) => ({ sessions: await account.sessions(user) }),

    endSession: ({ user }, { id }) => account.endSession(user, id),

    endOtherSessions: ({ user }) => account.endOtherSessions(user),

    changePassword: (context, input) =>
      withPassword(context.user, context, 'current', () => account.changePassword(context.user, input)),
  }
}
