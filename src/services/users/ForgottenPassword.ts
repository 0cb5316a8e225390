import { AppError } from '@/contracts/errors'
import type { Actor } from '../audit/ports'
import type { MailQueue, PasswordResets } from '../mail/ports'
import type { PasswordHasher, PasswordPolicy, RandomSecrets } from './ports'
import { requireStrongPassword } from './requireStrongPassword'

export interface ForgottenPasswordDeps {
  mails: MailQueue
  resets: Pick<PasswordResets, 'ownerOf' | 'finish'>
  secrets: Pick<RandomSecrets, 'create'>
  passwords: PasswordHasher
  policy: PasswordPolicy
}

/** Another password for whoever reads the mail of an account's address. */
export class ForgottenPassword {
  constructor(private readonly deps: ForgottenPasswordDeps) {}

  /** Whether there is such an account shows later, where nobody waits for it: neither the answer nor its time tells. */
  ask(email: string): Promise<void> {
    const askedAt = new Date().toISOString()
    return this.deps.mails.add({ kind: 'reset', email, secret: this.deps.secrets.create(), askedAt })
  }

  /** @throws AppError BAD_REQUEST (the link is not good any more, or the password is easily guessed). */
  async reset(actor: Actor, { token, password }: { token: string; password: string }): Promise<void> {
    const { resets, policy, passwords } = this.deps
    const owner = await resets.ownerOf(token)
    if (!owner) throw spent()
    await requireStrongPassword(policy, password, [owner.email, owner.name], 'password')
    if (!(await resets.finish(token, await passwords.hash(password), actor))) throw spent()
  }
}

const spent = () => {
  const message =
    'This link was used already, is older than 30 minutes, or a newer one took its place. Ask for another one.'
  return new AppError('BAD_REQUEST', { message, issues: [{ path: 'token', message }] })
}
