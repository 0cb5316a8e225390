import type { Identity } from '@/lib/auth/identity'
import { createIdentityDirectory, type IdentityDirectory } from '@/lib/auth/identityDirectory'
import { createIdentitySessions, type IdentitySessions } from '@/lib/auth/identitySessions'
import type { Database } from '@/lib/db/database'
import { IdentityPeople } from '@/lib/db/repositories/IdentityPeople'
import type { RuntimeConfig } from '@/lib/env/config'
import { enforceRateLimit, type RateLimit } from '@/lib/pipeline/rateLimit'
import type { Logger } from '@/services/shared/Logger'
import type { SessionStore } from '@/services/users/ports'

export interface IdentityDeps {
  identity: Identity
  db: Database
  sessions: SessionStore
  config: RuntimeConfig
  rateLimit: RateLimit
  logger: Logger
}

/** The people and the sign-in of the app that this is part of. */
export type AppIdentity = IdentitySessions & IdentityDirectory

export function createIdentity({ identity, db, sessions, config, rateLimit, logger }: IdentityDeps): AppIdentity {
  const people = new IdentityPeople(db)
  const { publicUrl, secondFactorForAdmins, trustedProxyHops } = config
  return {
    ...createIdentityDirectory({ identity, people, publicUrl, logger }),
    ...createIdentitySessions({
      ...{ identity, people, sessions, publicUrl, secondFactorForAdmins, trustedProxyHops },
      keys: config.sessionTokenKeys,
      timeoutMs: config.commandTimeoutMs,
      countBeginning: async (personId) => enforceRateLimit(rateLimit, 'auth', `beginning of ${personId}`, undefined),
    }),
  }
}
