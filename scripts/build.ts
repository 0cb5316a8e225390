import { parseConfig } from '@/lib/env/parseConfig'
import { ensureBuild } from './support/build'
import { say, sayStep } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/** `pnpm build`: both processes for production, unless what is there was made of these sources. Needs no database. */
await runScript(async () => {
  const env = readEnvironment()
  // Only the shape of what is given matters here: what production needs is asked for where it is needed.
  const { logLevel } = parseConfig({ ...env, APP_ENV: 'development' }, projectRoot)
  await ensureBuild({ env, verbose: logLevel === 'debug', onProgress: sayStep })
  say('The build is up to date.')
  return 0
})
