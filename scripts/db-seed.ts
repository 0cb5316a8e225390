import { isStrict } from '@/lib/env/appEnv'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { say, sayStep } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'
import { ScriptError } from './support/ScriptError'
import { demoLines, seedDemo } from './support/seedDemo'

/** `pnpm db:seed`: the demo, in a database that has nobody in it yet; and the password of the accounts that it has. */
await runScript(async () => {
  const config = await loadRuntimeConfig(readEnvironment(), projectRoot)
  if (isStrict(config.appEnv)) throw new ScriptError(`There is no demo with APP_ENV=${config.appEnv}.`)
  await withDatabase(config.databaseUrl, async () => {})
  const demo = await seedDemo(config, config.databaseUrl, sayStep)
  say(demo ? demoLines(demo).join('\n') : 'Nothing to do: there are people in this database, and none of the demo.')
  return 0
})
