import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { parseConfig } from '@/lib/env/parseConfig'
import { buildStamp, ensureBuild } from './support/build'
import { collectImageFiles } from './support/imageFiles'
import { say, sayStep } from './support/output'
import { inProject, projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/** `pnpm build:image`: what the Dockerfile puts into the image, in `dist/image`. Needs no database and no Docker. */
await runScript(async () => {
  const env = { ...readEnvironment(), NEXT_OUTPUT: 'standalone' }
  const { logLevel } = parseConfig({ ...env, APP_ENV: 'development' }, projectRoot)
  // A build of the same sources may be there without the part that the image needs.
  if (!existsSync(inProject('.next', 'standalone', 'server.js'))) await rm(buildStamp, { force: true })
  await ensureBuild({ env, verbose: logLevel === 'debug', onProgress: sayStep })
  sayStep('Collecting what the image needs')
  await collectImageFiles(inProject('dist', 'image'))
  say('The files of the image are in dist/image.')
  return 0
})
