import type { accountCommands } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { BrowserSessions } from '@/lib/auth/lucia'
import type { HttpContext } from '@/lib/pipeline/createRoute'
import type { HandlerTable } from '@/lib/pipeline/handlers'
import type { SignInLimit } from '@/lib/rate-limit/signInLimit'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { AccountService } from '@/services/users/AccountService'
import type { GoogleSignIn } from '@/services/users/GoogleSignIn'
import type { Registration } from '@/services/users/Registration'
import type { SecondFactorService } from '@/services/users/SecondFactorService'
import { flowCookie } from './flowCookie'

export interface AccountServices {
  account: AccountService
  sessions: BrowserSessions
  secondFactor: SecondFactorService
  registration: Registration
  /** Undefined where this installation has none. */
  google: GoogleSignIn | undefined
  signInLimit: SignInLimit
  /** Whether pages are served by https. */
  secure: boolean
}

/** What port 3000 does with one's own account. */
export function accountHandlers(services: AccountServices): HandlerTable<typeof accountCommands, HttpContext> {
  const { account, sessions, secondFactor, registration, signInLimit, secure } = services

  /**
   * Runs what asks for a person's password, with wrong ones counted as those of signing in. A wrong one is a bad field
   * here (`path`): the session is as good as before.
   */
  async function withPassword<Result>(
    { user, address, tellLimit }: HttpContext & { user: SessionUser },
    path: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await signInLimit({ account: user.id, address: address() }, tellLimit, work)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') throw error
      throw new AppError('BAD_REQUEST', { message: error.message, issues: [{ path, message: error.message }] })
    }
  }

  const requireGoogle = (): GoogleSignIn => {
    if (services.google) return services.google
    throw new AppError('NOT_FOUND', { message: 'There is no sign-in with Google here.' })
  }

  return {
    async readAccount({ user, sessionCookie }) {
      const [hasPassword, factor, linked, session] = await Promise.all([
        account.hasPassword(user),
        secondFactor.state(user.id),
        services.google?.linked(user.id),
        sessions.read(sessionCookie),
      ])
      return {
        hasPassword,
        secondFactor: { ...factor, required: session?.currentUser.needsSecondFactor ?? false },
        google: services.google ? { email: linked?.email ?? null } : null,
      }
    },

    updateProfile: async ({ user, sessionCookie }, profile) => {
      await account.update(user, profile)
      // As the session sees it: its role may be less than the account's.
      const session = await sessions.read(sessionCookie)
      if (!session) throw new AppError('SESSION_EXPIRED')
      return { user: session.currentUser }
    },

    async disableAccount(context, { password }) {
      await withPassword(context, 'password', () => account.disable(context.actor, context.user, password))
      context.headers.append('Set-Cookie', sessions.cookie(null))
    },

    listSessions: async ({ user }) => ({ sessions: await account.sessions(user) }),

    endSession: ({ actor, user }, { id }) => account.endSession(actor, user, id),

    endOtherSessions: ({ actor, user }) => account.endOtherSessions(actor, user),

    async changePassword(context, input) {
      const session = await withPassword(context, 'current', () =>
        account.changePassword(context.actor, context.user, input),
      )
      context.headers.append('Set-Cookie', sessions.cookie(session))
    },

    startTotp: (context, { password }) =>
      withPassword(context, 'password', async () => {
        const { user } = await account.confirm(context.user, password)
        return secondFactor.start(user)
      }),

    async confirmTotp({ actor, user, address, headers }, { code }) {
      const { recoveryCodes, secretId } = await secondFactor.confirm(actor, user.id, code, address())
      headers.append('Set-Cookie', sessions.cookie({ secretId }))
      return { recoveryCodes }
    },

    async removeTotp(context, { password, code }) {
      const { actor, user, address } = context
      await withPassword(context, 'password', () => account.confirm(user, password))
      await secondFactor.remove(actor, user.id, code, address())
    },

    linkGoogle: (context, { password }) =>
      withPassword(context, 'password', async () => {
        const google = requireGoogle()
        await account.confirm(context.user, password)
        const { url, secret } = await google.begin({ linkTo: context.user }).catch((cause: unknown) => {
          throw new AppError('UNAVAILABLE', { message: 'Google cannot be reached. Please try again.', cause })
        })
        context.headers.append('Set-Cookie', flowCookie(secret, secure))
        return { url }
      }),

    async unlinkGoogle(context, { password }) {
      const google = requireGoogle()
      const { passwordHash } = await withPassword(context, 'password', () => account.confirm(context.user, password))
      await google.unlink(context.actor, context.user, passwordHash !== null)
    },

    createInvite: ({ actor }, { email }) => registration.invite(actor, email),
  }
}
