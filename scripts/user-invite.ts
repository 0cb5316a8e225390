import { randomSecrets } from '@/lib/auth/secretHash'
import { announceOnly } from '@/lib/bus/announceOnly'
import { createDatabase } from '@/lib/db/database'
import { PrismaInvites } from '@/lib/db/repositories/PrismaInvites'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { systemActor } from '@/services/audit/ports'
import { silentLogger } from '@/services/shared/Logger'
import { Registration } from '@/services/users/Registration'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'

const usage = 'Usage: pnpm user:invite [EMAIL]'

/** `pnpm user:invite [EMAIL]`: a link with which one person can register; how the first one gets in. */
await runScript(async () => {
  const [email, ...more] = process.argv.slice(2)
  if (more.length > 0) throw new ScriptError(usage)
  const { databaseUrl, publicUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const db = createDatabase({ url: databaseUrl, poolSize: 1, logger: silentLogger, applicationName: 'tandem-invite' })
  try {
    const registration = new Registration({
      mode: 'invite',
      users: new PrismaUserRepository(db, announceOnly('invite')),
      invites: new PrismaInvites(db),
      secrets: randomSecrets,
      publicUrl,
    })
    say(
      `Good for one person, within seven days:\n${await registration.invite(systemActor, email?.trim().toLowerCase())}`,
    )
    return 0
  } finally {
    await db.close()
  }
})
