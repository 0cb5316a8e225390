import { writeFile } from 'node:fs/promises'
import { apiDocuments } from './api-documents/documents'
import { say } from './support/output'
import { inProject } from './support/project'
import { runScript } from './support/runScript'

/** `pnpm generate:documents`: writes what docs/api says of the contract. */
await runScript(async () => {
  for (const [file, text] of Object.entries(apiDocuments())) {
    await writeFile(inProject(file), text)
    say(`Written: ${file}`)
  }
  return 0
})
