import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { inProject } from '../support/project'
import { asyncApi } from './asyncApi'
import { configurationPage } from './configurationPage'
import { describeContract } from './described'
import { openApi } from './openApi'
import { errorsPage, httpPage, socketEventsPage } from './pages'

const Package = z.object({ version: z.string() })

/**
 * Everything that is generated from the contract and from `.env.example`: by file, what stands in it.
 * @param contracts - the folder whose comments describe it; `src/contracts` unless given.
 */
export function apiDocuments(contracts?: string): Record<string, string> {
  const { commands, events } = describeContract(contracts)
  const { version } = Package.parse(JSON.parse(readFileSync(inProject('package.json'), 'utf8')))
  const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`
  return {
    'docs/api/openapi.json': json(openApi(commands, version)),
    'docs/api/asyncapi.json': json(asyncApi(commands, events, version)),
    'docs/api/http.md': httpPage(commands),
    'docs/api/socket-events.md': socketEventsPage(commands, events),
    'docs/api/errors.md': errorsPage(),
    'docs/api/socket-configuration.md': configurationPage(readFileSync(inProject('.env.example'), 'utf8')),
  }
}
