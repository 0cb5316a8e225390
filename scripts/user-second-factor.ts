import { createDatabase } from '@/lib/db/database'
import { PrismaSecondFactors } from '@/lib/db/repositories/PrismaSecondFactors'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { systemActor } from '@/services/audit/ports'
import { silentLogger } from '@/services/shared/Logger'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'

/** `pnpm user:remove-second-factor EMAIL`: for somebody who lost both the app and the recovery codes. */
await runScript(async () => {
  const [email, ...more] = process.argv.slice(2)
  if (!email || more.length > 0) throw new ScriptError('Usage: pnpm user:remove-second-factor EMAIL')
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const db = createDatabase({ url: databaseUrl, poolSize: 1, logger: silentLogger, applicationName: 'tandem-factor' })
  try {
    const address = email.trim().toLowerCase()
    const user = await db.prisma.user.findUnique({ where: { email: address }, select: { id: true } })
    if (!user) throw new ScriptError(`Nobody has registered as ${address}.`)
    await new PrismaSecondFactors(db).remove(systemActor, user.id)
    say(`${address} signs in with the password alone now, and can set up a second factor on the account page.`)
    return 0
  } finally {
    await db.close()
  }
})
