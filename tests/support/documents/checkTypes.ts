import { join, resolve } from 'node:path'
import ts from 'typescript'
import type { CodeBlock } from './documents'

/** A module for the compiler, and where its lines come from. */
interface Module {
  text: string
  place: string
}

const isModule = ({ text }: CodeBlock): boolean => /^(import|export|type|interface|const|declare|\/[/*])/m.test(text)

/** The generated pages write a shape below its name, the heading's first word. All of a page's are one module, since they name each other. */
function shapesOf(blocks: readonly CodeBlock[]): [file: string, module: Module][] {
  const pages = new Set(blocks.map(({ document }) => document))
  return [...pages].map((place) => {
    const own = blocks.filter(({ document }) => document === place)
    const text = own.map(({ heading, text }) => `export type ${heading.split(' ')[0]} = ${text}`).join('\n')
    return [fileOf(place, 'ts'), { place, text }]
  })
}

/** An app that is made for the test of docs/adopt.md: what the guide says is a file of it, and meets its other files. */
const theirApp = 'tests/adoption/app'

/** In no folder but at the root, as far as the compiler knows; there are no such files. */
const fileOf = (place: string, extension: string): string =>
  resolve(`block-${place.replaceAll(/\W+/g, '-')}.${extension}`)

const modulesOf = (blocks: readonly CodeBlock[]): Map<string, Module> =>
  new Map([
    ...blocks
      .filter(isModule)
      .map(({ place, text, language }): [string, Module] => [fileOf(place, language), { place, text }]),
    ...shapesOf(blocks.filter((block) => !isModule(block))),
  ])

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, process.cwd())
  // In an app that took Tandem in, `@tandem/…` is what `@/…` is here, and that is the app's own.
  const paths = { '@/*': ['./src/*', `./${theirApp}/src/*`], '@tandem/*': ['./src/*'] }
  return { ...options, paths, incremental: false, moduleDetection: ts.ModuleDetectionKind.Force }
}

/** The host of the disk, with the blocks beside its files. */
function hostOf(modules: ReadonlyMap<string, Module>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  return Object.assign(host, {
    directoryExists: undefined, // a block may be in a folder that is not there
    fileExists: (file: string) => modules.has(file) || fileExists.call(host, file),
    readFile: (file: string) => modules.get(file)?.text ?? readFile.call(host, file),
  })
}

/**
 * What the compiler says of these blocks: each is a module of this repository, with its paths and its rules. One program
 * for all, of which the blocks alone are checked: `pnpm check:types` has the rest.
 */
export function typeErrors(blocks: readonly CodeBlock[]): string[] {
  const modules = modulesOf(blocks)
  const options = compilerOptions()
  const roots = [...modules.keys(), join(process.cwd(), 'next-env.d.ts')]
  const program = ts.createProgram(roots, options, hostOf(modules, options))
  return [...modules].flatMap(([file, { place }]) => {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(({ messageText, start = 0 }) => {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
      return `${place}, line ${line} of it: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}
