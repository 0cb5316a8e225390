import * as z from 'zod/mini'
import { Email } from '@/contracts/auth'
import { randomSecrets } from '@/lib/auth/secretHash'
import { announceOnly } from '@/lib/bus/announceOnly'
import { PrismaInvites } from '@/lib/db/repositories/PrismaInvites'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { systemActor } from '@/services/audit/ports'
import { Registration } from '@/services/users/Registration'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'
import { withRepositories } from './support/withRepositories'

const usage = 'Usage: pnpm user:invite [EMAIL]'

/** `pnpm user:invite [EMAIL]`: a link with which one person can register; how the first one gets in. */
await runScript(async () => {
  const [given, ...more] = process.argv.slice(2)
  if (more.length > 0) throw new ScriptError(usage)
  const email = z.optional(Email).safeParse(given)
  if (!email.success) throw new ScriptError(email.error.issues[0]?.message ?? usage)
  const { databaseUrl, publicUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  await withRepositories(databaseUrl, async (db) => {
    const registration = new Registration({
      mode: 'invite',
      users: new PrismaUserRepository(db, announceOnly('invite')),
      invites: new PrismaInvites(db),
      secrets: randomSecrets,
      hasMail: false, // whoever runs it has the link
      publicUrl,
    })
    const { url } = await registration.invite(systemActor, email.data)
    say(`Good for one person, within seven days:\n${url}`)
  })
  return 0
})
