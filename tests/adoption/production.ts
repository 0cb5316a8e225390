import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { freeLocalPort } from '../../scripts/support/ports'
import { waitUntil } from '../../scripts/support/processes'
import { readPackage } from './adopt'
import { cleanEnvironment } from './cleanEnvironment'

const root = path.resolve(import.meta.dirname, '..', '..')
const outputFile = path.join(root, 'reports', 'adoption-production.log')
const READY_MS = 60_000

/** The scripts that the guide's row about production names, in its order. */
export function productionScripts(): string[] {
  const guide = readFileSync(path.join(root, 'docs', 'adopt.md'), 'utf8')
  const row = /^\| Production \|.*$/m.exec(guide)?.[0] ?? ''
  return [...row.matchAll(/`npm run ([\w:]+)`/g)].map(([, script = '']) => script)
}

/**
 * Does what the row says, on the database that runs there and ports of its own: the first two are awaited, the others serve
 * until the work is done.
 */
export async function inProduction(
  app: string,
  work: (urls: { web: string; socket: string }) => Promise<void>,
): Promise<void> {
  const [port, socketPort] = [await freeLocalPort(undefined), await freeLocalPort(undefined)]
  const env = { ...cleanEnvironment(), PORT: String(port), SOCKET_PORT: String(socketPort) }
  const [build = '', migrate = '', ...processes] = productionScripts()
  for (const script of [build, migrate]) await promisify(execFile)('npm', ['run', script], { cwd: app, env })
  const { scripts } = await readPackage(app)
  mkdirSync(path.dirname(outputFile), { recursive: true })
  const output = openSync(outputFile, 'w')
  const running = processes.map((script) => {
    const child = spawn('sh', ['-c', `exec ${scripts[script]}`], { cwd: app, env, stdio: ['ignore', output, output] })
    return { child, ended: once(child, 'exit') }
  })
  const urls = { web: `http://localhost:${port}`, socket: `http://localhost:${socketPort}` }
  try {
    for (const url of [`${urls.web}/tandem/api/health`, `${urls.socket}/health/ready`]) await ready(url)
    await work(urls)
  } finally {
    for (const { child } of running) child.kill('SIGTERM')
    await Promise.all(running.map(({ ended }) => ended))
  }
}

async function ready(url: string): Promise<void> {
  const answers = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  if (await waitUntil(answers, { timeoutMs: READY_MS, everyMs: 200 })) return
  throw new Error(`${url} does not answer. ${outputFile}:\n${readFileSync(outputFile, 'utf8')}`)
}
