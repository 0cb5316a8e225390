import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, format, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

export interface LayersReport {
  /** Source files that were read. */
  read: number
  /** Source files that exist and were not read: dependency-cruiser skips in silence what it cannot compile. */
  unread: string[]
  violations: { rule: string; from: string; to: string }[]
  /** For people. */
  text: string
}

const sourceFiles = (projectDir: string): string[] =>
  readdirSync(join(projectDir, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(projectDir.length + 1))
    .filter((file) => !file.startsWith(join('src', 'lib', 'db', 'generated')))

/** Holds the source tree of `projectDir` (absolute) against the rules in `configFile` (absolute). */
export async function checkLayers(projectDir: string, configFile: string): Promise<LayersReport> {
  const tsConfigFile = join(projectDir, 'tsconfig.json')
  const options = {
    ...(await extractDepcruiseOptions(configFile)),
    baseDir: projectDir,
    tsConfig: { fileName: tsConfigFile },
    validate: true,
  }
  const { output } = await cruise(['src'], options, {}, { tsConfig: extractTSConfig(tsConfigFile) })
  const result = output as ICruiseResult // a string only where an outputType is asked for
  const read = new Set(result.modules.map(({ source }) => source))
  const files = sourceFiles(projectDir)
  return {
    read: files.filter((file) => read.has(file)).length,
    unread: files.filter((file) => !read.has(file)),
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    text: String((await format(result, { outputType: 'err-long' })).output),
  }
}
