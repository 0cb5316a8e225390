import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** All that a build is made of, besides the Node that makes it. Folders are read whole. */
const sources = [
  'src',
  'tandem',
  'public',
  'prisma/schema.prisma',
  'next.config.ts',
  'package.json',
  'pnpm-lock.yaml',
  'package-lock.json',
  'tsconfig.json',
  'scripts/support/build.ts',
  'scripts/support/packStatic.ts',
]
/** Made from others of these. */
const generated = [
  path.join('src', 'lib', 'db', 'generated') + path.sep,
  path.join('tandem', 'src', 'lib', 'db', 'generated') + path.sep,
  path.join('public', 'worker.js'),
]

/** Equal for equal sources and `NEXT_PUBLIC_…` variables, which a build takes in. */
export async function hashSources(root: string, env: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const name of Object.keys(env)
    .filter((name) => name.startsWith('NEXT_PUBLIC_'))
    .sort()) {
    hash.update(`\0${name}=${env[name]}`)
  }
  for (const source of sources) {
    for (const file of await filesOf(root, source)) {
      hash.update(`\0${file}\0`).update(await readFile(path.join(root, file)))
    }
  }
  return hash.digest('hex')
}

async function filesOf(root: string, source: string): Promise<string[]> {
  const full = path.join(root, source)
  if (!existsSync(full)) return []
  if (path.extname(source) !== '') return [source]
  const entries = await readdir(full, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !generated.some((made) => file.startsWith(made)))
    .sort()
}
