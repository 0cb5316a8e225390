import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { seed } from '../../../prisma/seed'
import { type CodeBlock, codeBlocks } from '../../support/documents/documents'
import { shellCommands } from '../../support/documents/shellCommands'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { notRun, runInTheirApp } from './notRun'

const isListed = ({ document, text }: CodeBlock): boolean =>
  runInTheirApp.includes(document) ||
  notRun.some((block) => block.document === document && text.startsWith(block.begins))

const shellBlocks = codeBlocks('bash', 'sh')
const blocks = shellBlocks.filter((block) => !isListed(block))

let servers: TestServers
let environment: Record<string, string>

/** As after the first start, in a folder that has the repository's files: the key that was made, and the demo. */
let folder: string

beforeAll(async () => {
  await Promise.all([ensureSystemTool('curl'), ensureSystemTool('jq')])
  servers = await startServers()
  folder = await mkdtemp(join(tmpdir(), 'tandem-documents-'))
  onTeardown(() => rm(folder, { recursive: true }))
  await symlink(resolve('examples'), join(folder, 'examples'))
  await mkdir(join(folder, '.data'))
  await writeFile(join(folder, '.data', 'service-key'), servers.serviceKey)
  await seed({ databaseUrl: servers.databaseUrl, password: async () => 'a long password' })
  const ada = await servers.user('Ada')
  await directRoom(ada, await servers.user('Grace'))
  environment = {
    SERVICE_KEY: servers.serviceKey,
    KEY: servers.serviceKey,
    TOKEN: await ada.token('/graphql'),
    EMAIL: ada.email,
    PASSWORD: ada.password,
  }
})

/** As it is written, but for the addresses, against the servers of this test; an answer that is an error fails it. */
async function run(text: string): Promise<string> {
  const [{ url: socketUrl }] = servers.sockets
  const here = text
    .replaceAll(/https?:\/\/(localhost|chat\.example\.com):3001/g, socketUrl)
    .replaceAll(/http:\/\/localhost:3000|https:\/\/chat\.example\.com/g, servers.webUrl)
  const script = `curl() { command curl --silent --show-error --fail-with-body "$@"; }\n${here}`
  const options = { cwd: folder, env: { ...process.env, ...environment, BASH_ENV: '' }, timeout: 30_000 }
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], options)
  return stdout
}

/** What a test may run without harm to the machine; a block with anything else is listed, with the reason. */
const harmless = ['curl', 'jq', 'sh', 'cat']

test.each(blocks)('what stands in $place works', async ({ text }) => {
  const programs = shellCommands(text).map(([program]) => program)
  expect(programs.filter((program) => !harmless.includes(program ?? ''))).toEqual([])
  const answer = await run(text)
  expect(answer).not.toBe('')
  expect(answer).not.toMatch(/"errors":\[/) // GraphQL says so with 200
  expect(answer).not.toMatch(/^\{"count":0\b/) // what is sent reaches somebody
})

test('every block that is not run is in a document, and the list says why', () => {
  const stale = notRun.filter(({ document, begins }) => {
    return !shellBlocks.some((block) => block.document === document && block.text.startsWith(begins))
  })
  expect(stale).toEqual([])
})

test('a command that is answered with an error fails', async () => {
  await expect(run('curl http://localhost:3000/api/auth/session')).rejects.toThrow('401')
})
