import { writeFile } from 'node:fs/promises'
import { dashboardFile, dashboardJson } from './dashboard/dashboard'
import { say } from './support/output'
import { inProject } from './support/project'
import { runScript } from './support/runScript'

/** `pnpm generate:dashboard`: writes Grafana's dashboard. */
await runScript(async () => {
  await writeFile(inProject(dashboardFile), dashboardJson())
  say(`Written: ${dashboardFile}`)
  return 0
})
