import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { coverageFlags } from './coverage'
import { type Result, reportsDir } from './results'
import { run } from './run'

interface Runner {
  command: string
  /** More of the command, so that what the tests cover is kept; absent: they drive other processes. */
  coverage?: string
  env?: Record<string, string>
  /** Reads the counts in the runner's own report. */
  count(report: unknown): { passed: number; failed: number }
}

const VitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })
const PlaywrightReport = z.object({
  /** `flaky` passed at a second try, which here counts as failed. */
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
})

const reportFile = (name: string) => join(reportsDir, `${name}.report.json`)

const vitest = (project: string): Runner => ({
  command: [
    `vitest run --project ${project} --reporter=default --reporter=json --reporter=junit`,
    `--outputFile.json=${reportFile(project)} --outputFile.junit=${join(reportsDir, `${project}.junit.xml`)}`,
  ].join(' '),
  coverage: coverageFlags(project),
  count: (report) => {
    const { numPassedTests, numFailedTests } = VitestReport.parse(report)
    return { passed: numPassedTests, failed: numFailedTests }
  },
})

const playwright: Runner = {
  command: 'playwright test --reporter=list,json',
  env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile('e2e') },
  count: (report) => {
    const { expected, unexpected, flaky } = PlaywrightReport.parse(report).stats
    return { passed: expected, failed: unexpected + flaky }
  },
}

export const runners = { unit: vitest('unit'), integration: vitest('integration'), e2e: playwright }
export type RunnerName = keyof typeof runners
export const runnerNames = Object.keys(runners) as RunnerName[] // Object.keys forgets the literal names
/** Those that run the code in their own process, where it can be seen which lines are reached. */
export const coveringRunners: readonly RunnerName[] = ['unit', 'integration']

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
  const { passed, failed } = countTests(name, runner)
  return { name, passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed, seconds }
}

const countTests = (name: RunnerName, runner: Runner) => {
  try {
    return runner.count(JSON.parse(readFileSync(reportFile(name), 'utf8')))
  } catch (error) {
    console.error(`The ${name} tests left no report that can be read: ${String(error)}`)
    return { passed: 0, failed: 0 }
  }
}
