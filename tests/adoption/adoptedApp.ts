import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { variables } from '@/lib/env/variables'
import { freeLocalPort } from '../../scripts/support/ports'
import { waitUntil } from '../../scripts/support/processes'
import { guard } from '../support/guardedProcess'
import { changedFiles, filesOf } from './changedFiles'
import { applyBlock, readBlocks } from './guide'

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

/** A shell's or a runner's own settings are not the app's. */
const cleanEnvironment = (): NodeJS.ProcessEnv => {
  const mine = [...Object.keys(variables.shape), 'NODE_ENV', 'NODE_OPTIONS', 'FORCE_COLOR']
  const left = Object.entries(process.env).filter(([name]) => !mine.includes(name))
  return Object.fromEntries(left) as NodeJS.ProcessEnv // Next's types ask for NODE_ENV, which its commands set themselves
}

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

/** Makes the app as it was before, and does what the guide says. Resolves to which of its files that made or changed. */
async function adopt(
  workshop: string,
  app: string,
  run: (command: string, cwd?: string) => Promise<void>,
): Promise<string[]> {
  const create = createRequire(import.meta.url).resolve('create-next-app/dist/index.js')
  const choices = '--ts --app --src-dir --empty --no-eslint --no-tailwind --no-react-compiler --import-alias @/*'
  await run(`node ${create} app ${choices} --use-npm --skip-install --disable-git --no-agents-md --yes`, workshop)
  // Its own people and sign-in, before anybody thought of Tandem.
  await cp(path.join(import.meta.dirname, 'app'), app, { recursive: true })
  await pinVersions(app)
  const before = await filesOf(app)

  await symlink(root, path.join(workshop, 'tandem'))
  const blocks = readBlocks(await readFile(path.join(root, 'docs', 'adopt.md'), 'utf8'))
  for (const block of blocks) {
    if (block.title !== undefined) applyBlock(app, block)
    else if (block.text.startsWith('node ')) await followCopying(app, block.text, run)
  }
  return changedFiles(before, await filesOf(app))
}

/** The first step's commands. What is installed comes from where this repository's packages came from, so pnpm does it. */
async function followCopying(app: string, commands: string, run: (command: string) => Promise<void>): Promise<void> {
  for (const command of commands.split('\n')) {
    if (command !== 'npm install') {
      await run(command)
      continue
    }
    for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) await cp(path.join(root, file), path.join(app, file))
    const { packageManager } = await readPackage(root)
    await run(`npx -y ${packageManager} install --prefer-offline --no-frozen-lockfile`)
    for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) await rm(path.join(app, file))
  }
}

interface Package {
  scripts: Record<string, string>
  packageManager?: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const readPackage = async (folder: string): Promise<Package> =>
  // Written by npm's tools or by hand, and always of this form.
  JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Package

/** Of Next, React and TypeScript those that are here: nothing is downloaded twice. */
async function pinVersions(app: string): Promise<void> {
  const ours = await readPackage(root)
  const theirs = await readPackage(app)
  const versions = { ...ours.devDependencies, ...ours.dependencies }
  const pinned = (list: Record<string, string>) =>
    Object.fromEntries(Object.entries(list).map(([name, version]) => [name, versions[name] ?? version]))
  const changed = {
    ...theirs,
    dependencies: pinned(theirs.dependencies),
    devDependencies: pinned(theirs.devDependencies),
  }
  await writeFile(path.join(app, 'package.json'), `${JSON.stringify(changed, null, 2)}\n`)
}
