import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { isMet, type Row } from './rows'
import { median } from './statistics'

/** What one scenario showed, and where. */
export interface Result {
  scenario: string
  at: string
  node: string
  machine: string
  rounds: number
  seconds: number
  /** Which share of the machine's time others had meanwhile, its host included, 0 to 1. */
  others: number
  rows: (Row & { medians: Record<string, number>; isMet?: boolean })[]
}

export type Results = Record<string, Result>

export function resultOf(
  scenario: string,
  rows: readonly Row[],
  { rounds, seconds, others }: Pick<Result, 'rounds' | 'seconds' | 'others'>,
): Result {
  const [cpu] = cpus()
  return {
    scenario,
    at: new Date().toISOString(),
    node: process.version,
    machine: `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 1e9)} GB`,
    ...{ rounds, seconds, others },
    rows: rows.map((row) => {
      const met = isMet(row)
      const medians = Object.fromEntries(Object.entries(row.figures).map(([name, figures]) => [name, median(figures)]))
      return { ...row, medians, ...(met !== undefined && { isMet: met }) }
    }),
  }
}

/** What was kept; nothing where there is no file yet. */
export async function readResults(file: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results // written below
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

/** Keeps the newest of each scenario. */
export async function keepResults(file: string, found: Results): Promise<void> {
  const all = { ...(await readResults(file)), ...found }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
}
