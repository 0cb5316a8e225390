import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How one runner, or the static checks, ended. */
export interface Result {
  name: string
  passed: number
  failed: number
  seconds: number
}

export const reportsDir = 'reports'

export const writeResults = (group: string, results: readonly Result[]): void => {
  mkdirSync(reportsDir, { recursive: true })
  writeFileSync(join(reportsDir, `${group}.json`), `${JSON.stringify(results, null, 2)}\n`)
}

/** Undefined when the group never came to its end. */
export const readResults = (group: string): Result[] | undefined => {
  try {
    // Written by writeResults above, in the same run.
    return JSON.parse(readFileSync(join(reportsDir, `${group}.json`), 'utf8')) as Result[]
  } catch {
    return undefined
  }
}

export const printResults = (results: readonly Result[]): void => {
  console.log()
  for (const { name, passed, failed, seconds } of results) {
    const verdict = failed > 0 ? 'FAILED' : 'ok'
    console.log(
      `  ${name.padEnd(12)} ${verdict.padEnd(7)} ${passed} passed, ${failed} failed  (${seconds.toFixed(1)} s)`,
    )
  }
  console.log()
}

/** Nothing passed is a failure too: then nothing ran. */
export const allPassed = (results: readonly Result[]): boolean =>
  results.length > 0 && results.every(({ passed, failed }) => passed > 0 && failed === 0)
