import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { coverageFlags } from './coverage'
import { type Report, readPlaywright, readVitest } from './reports'
import { type Result, reportsDir } from './results'
import { run } from './run'

interface Runner {
  command: string
  /** More of the command, so that what the tests cover is kept; absent: they drive other processes. */
  coverage?: string
  env?: Record<string, string>
  /** Reads the runner's own report. */
  read(report: unknown): Report
}

const reportFile = (name: string) => join(reportsDir, `${name}.report.json`)

const vitest = (project: string): Runner => ({
  command: [
    `vitest run --project ${project} --reporter=default --reporter=json --reporter=junit`,
    `--outputFile.json=${reportFile(project)} --outputFile.junit=${join(reportsDir, `${project}.junit.xml`)}`,
  ].join(' '),
  coverage: coverageFlags(project),
  read: readVitest,
})

const playwright = (name: string, options = ''): Runner => ({
  command: `playwright test --reporter=list,json${options}`,
  // Playwright takes it from the folder of its configuration.
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: resolve(reportFile(name)) },
  read: readPlaywright,
})

export const runners = {
  unit: vitest('unit'),
  integration: vitest('integration'),
  e2e: playwright('e2e'),
  /** docs/adopt.md by the letter. */
  adoption: playwright('adoption', ' --config=tests/adoption/playwright.config.ts'),
}
export type RunnerName = keyof typeof runners
export const runnerNames = Object.keys(runners) as RunnerName[] // Object.keys forgets the literal names

/**
 * Runs the tests of one kind to their end; with `covered`, what they cover is kept for `measureCoverage`. A runner that
 * fails outside a test, or leaves no report, adds one failure.
 */
export const runTests = async (name: RunnerName, args: readonly string[], covered: boolean): Promise<Result> => {
  const runner: Runner = runners[name]
  rmSync(reportFile(name), { force: true })
  const { code, seconds } = await run(
    [runner.command, ...(covered ? [runner.coverage] : []), ...args].join(' '),
    runner.env,
  )
  const { passed, failed, failures } = readReport(name, runner)
  if (failed > 0 || (code === 0 && passed > 0)) return { name, passed, failed, seconds, failures }
  const outside = { name: `${name} tests`, reason: `Outside of any test; the runner ended with ${code}. See above.` }
  return { name, passed, failed: 1, seconds, failures: failures.length > 0 ? failures : [outside] }
}

const readReport = (name: RunnerName, runner: Runner): Report => {
  try {
    return runner.read(JSON.parse(readFileSync(reportFile(name), 'utf8')))
  } catch (error) {
    const reason = `They left no report that can be read: ${String(error)}`
    return { passed: 0, failed: 0, failures: [{ name: `${name} tests`, reason }] }
  }
}
