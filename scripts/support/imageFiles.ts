import { cp, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { nodeFileTrace } from '@vercel/nft'
import { buildForNode, socketBundle } from './build'
import { inProject, projectRoot } from './project'

/** Commands of the container image, each bundled from `scripts/NAME.ts` to `dist/scripts/NAME.mjs`. */
const commands = ['db-migrate', 'db-remove-demo', 'user-role', 'serve-web']

/** What `next build` with NEXT_OUTPUT=standalone leaves: the pages with the packages they use. */
const standalone = inProject('.next', 'standalone')

/**
 * Puts into `target` all that the container runs and nothing else, laid out as here: the pages as Next made them, the
 * socket server, the commands, migrations, and those files of node_modules that any of them can reach.
 */
export async function collectImageFiles(target: string): Promise<void> {
  const bundles: string[] = []
  for (const name of commands) {
    const outfile = inProject('dist', 'scripts', `${name}.mjs`)
    await buildForNode(inProject('scripts', `${name}.ts`), outfile)
    bundles.push(outfile)
  }
  const { fileList } = await nodeFileTrace([socketBundle, ...bundles], {
    base: projectRoot,
    processCwd: projectRoot,
    // The job queue could read a configuration written in TypeScript; there is none.
    ignore: (file) => /\/node_modules\/typescript(\/|$)/.test(file),
  })

  await rm(target, { recursive: true, force: true })
  await cp(standalone, target, { recursive: true, verbatimSymlinks: true })
  await cp(inProject('.next', 'static'), path.join(target, '.next', 'static'), { recursive: true })
  await cp(inProject('public'), path.join(target, 'public'), { recursive: true })
  await cp(inProject('prisma', 'migrations'), path.join(target, 'prisma', 'migrations'), { recursive: true })
  // Of the socket process and of what it loads late.
  const modules = [...fileList].filter((file) => path.dirname(inProject(file)) === path.dirname(socketBundle))
  for (const file of modules) await cp(inProject(`${file}.map`), path.join(target, `${file}.map`))
  for (const file of [...fileList].sort()) await copyTraced(file, target)
}

/** The trace names links as well as what they lead to; pnpm's node_modules is made of both. */
async function copyTraced(file: string, target: string): Promise<void> {
  const [from, to] = [inProject(file), path.join(target, file)]
  await mkdir(path.dirname(to), { recursive: true })
  const link = await readlink(from).catch(() => undefined)
  if (link !== undefined) {
    await rm(to, { recursive: true, force: true })
    await symlink(link, to)
  } else if ((await stat(from)).isFile()) await cp(from, to)
}
