import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** How much of a failure's reason is shown again at the end. */
const REASON_LINES = 8

/** How one runner, or the static checks, ended. */
export interface Result {
  name: string
  passed: number
  failed: number
  seconds: number
  /** What failed, by name, each with the beginning of why; absent where the output above says it. */
  failures?: readonly Failure[]
}

export interface Failure {
  name: string
  reason: string
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
  for (const { name, reason } of results.flatMap(({ failures = [] }) => failures)) {
    const lines = stripVTControlCharacters(reason).trim().split('\n').slice(0, REASON_LINES)
    console.log([`\n  ✗ ${name}`, ...lines].join('\n    '))
  }
  console.log()
}

/** Nothing passed is a failure too: then nothing ran. */
export const allPassed = (results: readonly Result[]): boolean =>
  results.length > 0 && results.every(({ passed, failed }) => passed > 0 && failed === 0)
