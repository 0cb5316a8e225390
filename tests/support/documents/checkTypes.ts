import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTeardown } from '../teardown'
import type { CodeBlock } from './documents'

/** A module for the compiler, and where its lines come from. */
interface Module {
  file: string
  text: string
  place: string
}

const isModule = ({ text }: CodeBlock): boolean => /^(import|export|type|interface|const|declare|\/[/*])/m.test(text)

/** The generated pages write a shape below its name. All of a page's are one module, since they name each other. */
function shapesOf(blocks: readonly CodeBlock[]): Module[] {
  const pages = new Set(blocks.map(({ document }) => document))
  return [...pages].map((place) => {
    const own = blocks.filter(({ document }) => document === place)
    const text = own.map(({ heading, text }) => `export type ${heading} = ${text}`).join('\n')
    return { place, text, file: fileOf(place, 'ts') }
  })
}

const fileOf = (place: string, extension: string): string => `${place.replaceAll(/\W+/g, '-')}.${extension}`

const modulesOf = (blocks: readonly CodeBlock[]): Module[] => [
  ...blocks.filter(isModule).map(({ place, text, language }) => ({ place, text, file: fileOf(place, language) })),
  ...shapesOf(blocks.filter((block) => !isModule(block))),
]

/**
 * What the compiler says of these blocks: each is a module of this repository, with its paths and its rules. One
 * program for all, by the fast compiler that `pnpm check:types` uses.
 */
export async function typeErrors(blocks: readonly CodeBlock[], name: string): Promise<string> {
  // Below the repository, or packages would not be found; where nothing else looks for source files.
  const folder = join('node_modules/.cache/document-types', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  onTeardown(async () => rmSync(folder, { recursive: true, force: true }))
  const modules = modulesOf(blocks)
  for (const { file, text } of modules) writeFileSync(join(folder, file), text)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../../tsconfig.json',
      compilerOptions: { incremental: false, moduleDetection: 'force' },
      files: modules.map(({ file }) => file),
    }),
  )
  const compiler = 'node_modules/typescript-7/bin/tsc'
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiler, '--noEmit', '--pretty', 'false', '-p', folder], (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  return modules.reduce((text, { file, place }) => text.replaceAll(join(folder, file), `${place} at `), output)
}
