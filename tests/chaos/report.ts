import type { Verdict } from '../support/checker/check'
import { type Measures, seconds } from './scenarios/Measures'

/** One line of the table. */
export interface Row {
  fault: string
  measures: Measures
  /** Absent when it did not come to holding anything against the table. */
  verdict: Verdict | undefined
}

const headings = ['fault', 'recovered in', 'acked', 'lost', 'doubled', 'order', 'views equal', 'condition', 'result']

export const hasPassed = ({ measures, verdict }: Row): boolean =>
  measures.failures.length === 0 && verdict !== undefined

/** The table, and below it everything that is wrong, for people to read. */
export function report(rows: readonly Row[]): string {
  const table = [headings, ...rows.map(cells)]
  const widths = headings.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)))
  const lines = table.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  const faults = rows.flatMap((row) => row.measures.failures.map((failure) => `${row.fault}: ${failure}`))
  return [...lines, ...(faults.length > 0 ? ['', ...faults] : []), ''].join('\n')
}

function cells(row: Row): string[] {
  const { fault, measures, verdict } = row
  const count = (findings: readonly string[] | undefined): string => (findings ? String(findings.length) : '?')
  const isIn = (findings: readonly string[] | undefined): string => (findings?.length === 0 ? 'yes' : 'NO')
  return [
    fault,
    measures.recoveredMs === undefined ? '–' : seconds(measures.recoveredMs),
    verdict ? String(verdict.acknowledged) : '?',
    count(verdict?.lost),
    count(verdict?.doubled),
    isIn(verdict?.misordered),
    isIn(verdict?.views),
    measures.notes.join('; '),
    hasPassed(row) ? 'ok' : 'FAILED',
  ]
}
