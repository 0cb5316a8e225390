import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { changedFiles, filesOf } from './changedFiles'
import { applyBlock, readBlocks } from './guide'

const root = path.resolve(import.meta.dirname, '..', '..')

/** Runs a command line, in the app's folder unless said; rejects when it fails. */
export type Run = (command: string, cwd?: string) => Promise<void>

interface Package {
  scripts: Record<string, string>
  packageManager?: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

export const readPackage = async (folder: string): Promise<Package> =>
  // Written by npm's tools or by hand, and always of this form.
  JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Package

/** Makes the app as it was before, and does what the guide says. Resolves to which of its files the steps made or changed. */
export async function adopt(workshop: string, app: string, run: Run): Promise<string[]> {
  const create = createRequire(import.meta.url).resolve('create-next-app/dist/index.js')
  const choices = '--ts --app --src-dir --empty --no-eslint --no-tailwind --no-react-compiler --import-alias @/*'
  await run(`node ${create} app ${choices} --use-npm --skip-install --disable-git --no-agents-md --yes`, workshop)
  // Its own people and sign-in, before anybody thought of Tandem.
  await cp(path.join(import.meta.dirname, 'app'), app, { recursive: true })
  await pinVersions(app)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) await cp(path.join(root, file), path.join(app, file))
  const before = await filesOf(app)

  await symlink(root, path.join(workshop, 'tandem'))
  const blocks = readBlocks(await readFile(path.join(root, 'docs', 'adopt.md'), 'utf8'))
  for (const block of blocks.filter(({ section }) => section === 'The steps')) {
    if (block.title !== undefined) applyBlock(app, block)
    else if (block.text.startsWith('node ')) await followCopying(block.text, run)
  }
  const changed = changedFiles(before, await filesOf(app))
  // What one may do besides.
  for (const block of blocks.filter(({ section, title }) => section !== 'The steps' && title)) applyBlock(app, block)
  return changed
}

/** The first step's commands. What is installed comes from where this repository's packages came from, so pnpm does it. */
async function followCopying(commands: string, run: Run): Promise<void> {
  for (const command of commands.split('\n')) {
    if (command !== 'npm install') {
      await run(command)
      continue
    }
    const { packageManager } = await readPackage(root)
    await run(`npx -y ${packageManager} install --prefer-offline --no-frozen-lockfile`)
  }
}

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
