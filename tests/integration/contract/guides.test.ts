import { execFile } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { onTeardown } from '../../support/teardown'
import { apply, newFolder, piecesOf } from './guide'

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript-7/package.json')), 'bin/tsc')

/** What the compiler says of a copy of everything to which these pieces were applied. */
async function typeErrors(pieces: readonly string[]): Promise<string> {
  const folder = newFolder()
  onTeardown(() => rmSync(folder, { recursive: true }))
  for (const name of ['src', 'scripts', 'prisma', 'docs', 'tests/support', 'tests/integration/permissions']) {
    cpSync(name, join(folder, name), { recursive: true })
  }
  apply(folder, pieces)
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions: { paths: { '@/*': ['./src/*'] }, incremental: false },
    include: ['../../next-env.d.ts', 'src', 'scripts', 'tests'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const checked = promisify(execFile)(process.execPath, [compiler, '--noEmit', '-p', folder])
  return checked.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout, // an exit code that is not zero
  )
}

const guides = ['To add a command', 'To add an address on port 3001', 'To add a namespace']

test('whoever follows every guide has a project that compiles', async () => {
  const pieces = guides.map(piecesOf)
  expect(pieces.filter((own) => own.length < 3)).toEqual([])
  expect(await typeErrors(pieces.flat())).toBe('')
}, 180_000)
