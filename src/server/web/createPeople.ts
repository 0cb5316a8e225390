import type { BrowserSessions } from '@/lib/auth/lucia'
import { authenticatorCodes } from '@/lib/auth/oneTimeCodes'
import { createOpenIdProvider } from '@/lib/auth/openIdProvider'
import { commonPasswords } from '@/lib/auth/passwordPolicy'
import { argon2Passwords } from '@/lib/auth/passwords'
import { createSecretBox } from '@/lib/auth/secretBox'
import { randomSecrets } from '@/lib/auth/secretHash'
import { isStrict } from '@/lib/env/appEnv'
import type { RuntimeConfig } from '@/lib/env/config'
import { AccountService } from '@/services/users/AccountService'
import { AuthService } from '@/services/users/AuthService'
import { ForgottenPassword } from '@/services/users/ForgottenPassword'
import { GoogleSignIn } from '@/services/users/GoogleSignIn'
import { Registration } from '@/services/users/Registration'
import { SecondFactorService } from '@/services/users/SecondFactorService'
import type { MailStorage, Storage } from '../createStorage'

export interface PeopleDeps {
  config: RuntimeConfig
  storage: Storage
  /** Undefined where no e-mail is sent. */
  mail: MailStorage | undefined
  sessions: BrowserSessions
}

/** Accounts and every way into them. */
export function createPeople({ config, storage, mail, sessions }: PeopleDeps) {
  const { users, accounts, signInSteps: steps } = storage
  const common = { users, sessions, passwords: argon2Passwords, policy: commonPasswords }
  const registration = new Registration({
    mode: config.registration,
    users,
    invites: mail?.invites ?? storage.invites,
    secrets: randomSecrets,
    hasMail: mail !== undefined,
    publicUrl: config.publicUrl,
  })
  const [newest, ...older] = config.sessionTokenKeys
  const box = createSecretBox([newest.secret, ...older.map(({ secret }) => secret)])
  const secondFactor = new SecondFactorService({
    factors: storage.secondFactors,
    steps,
    codes: authenticatorCodes,
    box,
    secrets: randomSecrets,
  })
  const auth = new AuthService({ ...common, hasDemo: !isStrict(config.appEnv), registration, secondFactor })
  const redirectUri = `${config.publicUrl}/api/auth/google/callback`
  const google = config.google
    ? new GoogleSignIn({
        ...{ accounts, users, steps, registration, auth },
        provider: createOpenIdProvider({ ...config.google, redirectUri }),
      })
    : undefined
  const account = new AccountService({ ...common, people: storage.people, secrets: randomSecrets })
  const forgotten = mail && new ForgottenPassword({ ...common, ...mail, secrets: randomSecrets })
  return { auth, account, registration, forgotten, secondFactor, google, box }
}
