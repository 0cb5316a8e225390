import { PrismaSecondFactors } from '@/lib/db/repositories/PrismaSecondFactors'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { systemActor } from '@/services/audit/ports'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'
import { withRepositories } from './support/withRepositories'

/** `pnpm user:remove-second-factor EMAIL`: for somebody who lost both the app and the recovery codes. */
await runScript(async () => {
  const [email, ...more] = process.argv.slice(2)
  if (!email || more.length > 0) throw new ScriptError('Usage: pnpm user:remove-second-factor EMAIL')
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const address = email.trim().toLowerCase()
  await withRepositories(databaseUrl, async (db) => {
    const user = await db.prisma.user.findUnique({ where: { email: address }, select: { id: true } })
    if (!user) throw new ScriptError(`Nobody has registered as ${address}.`)
    const factors = new PrismaSecondFactors(db)
    if (!(await factors.find(user.id))) return say(`${address} has no second factor.`)
    await factors.remove(systemActor, user.id)
    say(`${address} signs in with the password alone now, and can set up a second factor on the account page.`)
  })
  return 0
})
