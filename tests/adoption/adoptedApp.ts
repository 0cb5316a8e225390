import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freeLocalPort } from '../../scripts/support/ports'
import { waitUntil } from '../../scripts/support/processes'
import { guard } from '../support/guardedProcess'
import { adopt, readPackage } from './adopt'
import { cleanEnvironment } from './cleanEnvironment'

/** The app that was made, with Tandem in it, as it runs. */
export interface AdoptedApp {
  port: number
  dir: string
  /** Files of the app's own that following the guide made or changed. */
  changed: string[]
}

const root = path.resolve(import.meta.dirname, '..', '..')
const outputFile = path.join(root, 'reports', 'adoption-app.log')
const START_MS = 180_000

/** A script of its own: started by globalSetup.ts. */
await guard<AdoptedApp>(async (runnerGone) => {
  await mkdir(path.dirname(outputFile), { recursive: true })
  const output = createWriteStream(outputFile)
  await once(output, 'open')
  const said = async () => (await readFile(outputFile, 'utf8')).split('\n').slice(-40).join('\n')
  const workshop = await mkdtemp(path.join(tmpdir(), 'tandem-adoption-'))
  // PostgreSQL's own user has to reach its files.
  await chmod(workshop, 0o755)
  const app = path.join(workshop, 'app')

  const run = async (command: string, cwd = app): Promise<void> => {
    output.write(`$ ${command}\n`)
    const child = spawn('sh', ['-c', command], { cwd, env: cleanEnvironment(), stdio: ['ignore', output, output] })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`"${command}" ended with ${code}. The end of ${outputFile}:\n${await said()}`)
  }

  try {
    const changed = await adopt(workshop, app, run)
    const [port, socketPort] = [await freeLocalPort(undefined), await freeLocalPort(undefined)]
    const { scripts } = await readPackage(app)
    const dev = spawn('sh', ['-c', `exec ${scripts.dev}`], {
      cwd: app,
      env: { ...cleanEnvironment(), PORT: String(port), SOCKET_PORT: String(socketPort) },
      stdio: ['ignore', output, output],
    })
    const ended = once(dev, 'exit')
    const stop = async () => {
      dev.kill('SIGTERM')
      await ended
      await rm(workshop, { recursive: true, force: true })
    }
    const isUp = async () => dev.exitCode !== null || runnerGone.aborted || (await said()).includes('Tandem is running')
    await waitUntil(isUp, { timeoutMs: START_MS, everyMs: 200 })
    if (dev.exitCode !== null || !(await said()).includes('Tandem is running')) {
      const end = await said()
      await stop()
      throw new Error(`The app did not start. The end of ${outputFile}:\n${end}`)
    }
    return { ready: { port, dir: app, changed }, stop }
  } catch (error) {
    await rm(workshop, { recursive: true, force: true })
    throw error
  }
})
