import { relative } from 'node:path'
import { z } from 'zod'
import type { Failure } from './results'

/** What a runner's own report says. */
export interface Report {
  passed: number
  failed: number
  failures: Failure[]
}

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      /** Why the file failed outside of its tests, in a hook say. */
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

interface PlaywrightSuite {
  file: string
  suites?: PlaywrightSuite[] | undefined
  specs: {
    title: string
    ok: boolean
    tests: { results: { error?: { message?: string | undefined } | undefined }[] }[]
  }[]
}
const PlaywrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  file: z.string(),
  get suites() {
    return z.array(PlaywrightSuite).optional()
  },
  specs: z.array(
    z.object({
      title: z.string(),
      ok: z.boolean(),
      tests: z.array(
        z.object({
          results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
        }),
      ),
    }),
  ),
})
const PlaywrightReport = z.object({
  /** `flaky` passed at a second try, which here counts as failed. */
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(PlaywrightSuite),
})

/** @throws when it is none of Vitest's. */
export const readVitest = (report: unknown): Report => {
  const { numPassedTests, numFailedTests, testResults } = VitestReport.parse(report)
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0 && status === 'failed') return [{ name: file, reason: message }]
    return failed.map((test) => ({
      name: `${file} › ${test.fullName}`,
      reason: (test.failureMessages ?? []).join('\n'),
    }))
  })
  return { passed: numPassedTests, failed: numFailedTests, failures }
}

/** @throws when it is none of Playwright's. */
export const readPlaywright = (report: unknown): Report => {
  const { stats, suites } = PlaywrightReport.parse(report)
  const failures = suites.flatMap(failedSpecs)
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, failures }
}

const failedSpecs = ({ file, suites = [], specs }: PlaywrightSuite): Failure[] => [
  ...specs
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? ''))
      return { name: `${file} › ${title}`, reason: errors.join('\n') }
    }),
  ...suites.flatMap(failedSpecs),
]
