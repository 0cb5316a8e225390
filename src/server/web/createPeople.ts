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
import { GoogleSignIn } from '@/services/users/GoogleSignIn'
import { Registration } from '@/services/users/Registration'
import { SecondFactorService } from '@/services/users/SecondFactorService'
import type { Storage } from '../createStorage'

export interface PeopleDeps {
  config: RuntimeConfig
  storage: Storage
  sessions: BrowserSessions
}

/** Accounts and every way into them. */
export function createPeople({ config, storage, sessions }: PeopleDeps) {
  const { users, accounts, signInSteps: steps } = storage
  const common = { users, sessions, passwords: argon2Passwords, policy: commonPasswords }
  const registration = new Registration({
    mode: config.registration,
    users,
    invites: storage.invites,
    secrets: randomSecrets,
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
  return { auth, account, registration, secondFactor, google, box }
}
