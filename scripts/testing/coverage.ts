import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { type Result, reportsDir } from './results'
import { run } from './run'

/** The folders whose lines the tests must reach; pages and processes are left to the tests that drive them from outside. */
const rooms = ['src/services', 'src/contracts', 'src/lib', 'src/client'] as const

/** Of each room's lines, in percent. */
const REQUIRED = 80

/** Where each kind of tests leaves what it covered. */
const coverageDir = join(reportsDir, 'coverage')
const blobsDir = join(coverageDir, 'blobs')

/** Of Vitest: what is covered, its summary in a folder of its own, also when a test failed. */
const flags = (kind: string): string =>
  [
    '--coverage --coverage.reportOnFailure --coverage.reporter=json-summary',
    `--coverage.reportsDirectory=${join(coverageDir, kind)}`,
    ...rooms.map((room) => `--coverage.include='${room}/**'`),
  ].join(' ')

/** What makes Vitest keep what the tests of one kind cover. */
export const coverageFlags = (kind: string): string =>
  `${flags(kind)} --reporter=blob --outputFile.blob=${join(blobsDir, `${kind}.json`)}`

const Summary = z.record(z.string(), z.object({ lines: z.object({ total: z.number(), covered: z.number() }) }))
type Summary = z.infer<typeof Summary>

/** What an earlier run covered. */
export const forgetCoverage = (): void => rmSync(coverageDir, { recursive: true, force: true })

/** Puts together what all kinds of tests covered, prints it by room, and holds it against what is required. */
export async function measureCoverage(): Promise<Result> {
  const tests = join(coverageDir, 'tests.json') // counted before; it only keeps Vitest from printing them all again
  const { seconds } = await run(
    `vitest run --merge-reports=${blobsDir} ${flags('merged')} --reporter=json --outputFile.json=${tests}`,
  )
  const isReached = printRooms(readSummary(join(coverageDir, 'merged', 'coverage-summary.json')))
  return { name: 'coverage', passed: isReached ? 1 : 0, failed: isReached ? 0 : 1, seconds }
}

function readSummary(file: string): Summary {
  try {
    const { total: _, ...files } = Summary.parse(JSON.parse(readFileSync(file, 'utf8')))
    return files
  } catch (error) {
    console.error(`The tests left no coverage that can be read: ${String(error)}`)
    return {}
  }
}

/** Whether every room has what is required; one without any file has not. */
function printRooms(files: Summary): boolean {
  const percents = rooms.map((room) => {
    const own = Object.entries(files).filter(([file]) => relative(process.cwd(), file).startsWith(`${room}/`))
    const sum = (key: 'total' | 'covered') => own.reduce((total, [, { lines }]) => total + lines[key], 0)
    const percent = (100 * sum('covered')) / Math.max(1, sum('total'))
    const verdict = percent >= REQUIRED ? '' : `  FAILED: ${REQUIRED} % are required`
    console.log(`  ${room.padEnd(14)} ${percent.toFixed(1)} % of ${sum('total')} lines${verdict}`)
    return percent
  })
  return percents.every((percent) => percent >= REQUIRED)
}
