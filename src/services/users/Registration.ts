import { AppError } from '@/contracts/errors'
import { signInProblems } from '@/contracts/signInProblems'
import type { CurrentUser } from '@/contracts/users'
import type { Actor } from '@/services/audit/ports'
import { IDENTITY_DOMAIN } from './identityDomain'
import type { InviteRepository, NewUser, RandomSecrets, UserRepository } from './ports'

export interface RegistrationDeps {
  /** Who may make an account: anybody, whoever has an invite, nobody. */
  mode: 'open' | 'invite' | 'closed'
  users: UserRepository
  invites: InviteRepository
  secrets: RandomSecrets
  /** Whether this installation sends e-mail. */
  hasMail: boolean
  /** Of the pages. */
  publicUrl: string
}

/** What the page for registering has to say. `email`: whom the invite is for. */
export type RegistrationState = { open: true; email: string | null } | { open: false; reason: string }

const INVITE_MS = 7 * 24 * 3_600_000

const notFor = (message: string) => new AppError('FORBIDDEN', { message, issues: [{ path: 'email', message }] })

/** Who may make an account, and making it. */
export class Registration {
  constructor(private readonly deps: RegistrationDeps) {}

  /** Whether an invite that is made for an address is mailed to it. */
  get mailsInvites(): boolean {
    return this.deps.hasMail && this.deps.mode !== 'closed'
  }

  /** Resolves to a link that is good for one person, and whether it is mailed to them. */
  async invite(actor: Actor, email: string | undefined): Promise<{ url: string; mailed: boolean }> {
    const secret = this.deps.secrets.create()
    const url = `${this.deps.publicUrl}/register?invite=${secret}`
    const mailed = email !== undefined && this.mailsInvites
    await this.deps.invites.create(actor, {
      ...{ hash: this.deps.secrets.hash(secret), email: email ?? null, lifeMs: INVITE_MS },
      ...(mailed && { mail: { kind: 'invite', email, url, by: actor.name } }),
    })
    return { url, mailed }
  }

  async state(invite: string | undefined): Promise<RegistrationState> {
    const { mode } = this.deps
    if (mode === 'open') return { open: true, email: null }
    if (mode === 'closed') return { open: false, reason: signInProblems.closed }
    if (!invite) return { open: false, reason: signInProblems['invited-only'] }
    const found = await this.deps.invites.find(this.deps.secrets.hash(invite))
    return found ? { open: true, email: found.email } : { open: false, reason: signInProblems['spent-invite'] }
  }

  /** Before anything costly is done. @throws AppError FORBIDDEN with the reason. */
  async requireOpen(invite: string | undefined, email: string): Promise<void> {
    if (email.endsWith(`@${IDENTITY_DOMAIN}`)) throw notFor(signInProblems['no-address'])
    const state = await this.state(invite)
    if (!state.open) throw new AppError('FORBIDDEN', { message: state.reason })
    if (state.email === null || state.email === email) return
    throw notFor(signInProblems['other-address'])
  }

  /** @throws AppError CONFLICT (the address is taken), FORBIDDEN (as `requireOpen`, or the invite has just been used). */
  async create({ invite, ...user }: NewUser): Promise<CurrentUser> {
    await this.requireOpen(invite, user.email)
    let made =
      invite === undefined
        ? await this.deps.users.create(user)
        : await this.deps.users.create({ ...user, invite: this.deps.secrets.hash(invite) })
    // Where anybody may register, it proves an address, and one that is not good (any more) keeps nobody out.
    if (made === 'spent' && this.deps.mode === 'open') made = await this.deps.users.create(user)
    if (made === 'spent') throw new AppError('FORBIDDEN', { message: signInProblems['spent-invite'] })
    if (made !== 'taken') return made
    throw new AppError('CONFLICT', {
      message: 'There is an account with this e-mail address already. Sign in instead.',
      issues: [{ path: 'email', message: 'This address has an account already.' }],
    })
  }
}
