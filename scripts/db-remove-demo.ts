import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { say } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { removeDemo } from './support/removeDemo'
import { runScript } from './support/runScript'

/** `pnpm db:remove-demo`: takes the demo accounts out of a database that people are to rely on. */
await runScript(async () => {
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const { removed, closed } = await withDatabase(databaseUrl, removeDemo)
  for (const email of removed) say(`${email} is removed, with its conversations.`)
  for (const email of closed) say(`${email} is closed. It stays without a name in the conversations of others.`)
  if (removed.length + closed.length === 0) say('Nothing to do: there are no demo accounts.')
  return 0
})
