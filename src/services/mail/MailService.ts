import type { AccountRepository, UserRepository } from '../users/ports'
import { googleLetter, inviteLetter, passwordChangedLetter, RESET_MS, resetLetter } from './letters'
import type { Letter, Mail, Mailer, PasswordResets } from './ports'

export interface MailServiceDeps {
  users: Pick<UserRepository, 'byEmail' | 'byId'>
  accounts: Pick<AccountRepository, 'ofUser'>
  resets: Pick<PasswordResets, 'begin'>
  mailer: Mailer
  /** Of the pages. */
  publicUrl: string
  /** Whether one can sign in with Google. */
  hasGoogle: boolean
}

/** Writes and sends what waits. */
export class MailService {
  constructor(private readonly deps: MailServiceDeps) {}

  /** @throws MailNotSent. */
  async send(id: string, mail: Mail): Promise<void> {
    const written = await this.write(mail)
    if (written) await this.deps.mailer.send({ id, ...written })
  }

  /** Null: there is nobody to write to. */
  private async write(mail: Mail): Promise<(Letter & { to: string }) | null> {
    const { users, publicUrl } = this.deps
    switch (mail.kind) {
      case 'invite':
        return { to: mail.email, ...inviteLetter(mail.by, mail.url) }
      case 'password-changed': {
        const known = await users.byId(mail.userId)
        return known && { to: known.user.email, ...passwordChangedLetter(known.user.name, `${publicUrl}/forgot`) }
      }
      case 'reset':
        return this.writeReset(mail)
    }
  }

  /** A disabled account gets nothing: only an administrator opens it again. */
  private async writeReset({
    email,
    secret,
    askedAt,
  }: Extract<Mail, { kind: 'reset' }>): Promise<(Letter & { to: string }) | null> {
    const { users, accounts, resets, publicUrl, hasGoogle } = this.deps
    const known = await users.byEmail(email)
    if (!known || known.isDisabled) return null
    const { id, name } = known.user
    if (known.passwordHash === null && hasGoogle && (await accounts.ofUser(id))) {
      return { to: email, ...googleLetter(name, `${publicUrl}/login`) }
    }
    const expiresAt = new Date(Date.parse(askedAt) + RESET_MS)
    if (!(await resets.begin(id, secret, expiresAt))) return null
    // What stands behind # reaches no server, no log and no other page.
    return { to: email, ...resetLetter(name, `${publicUrl}/reset#token=${secret}`) }
  }
}
