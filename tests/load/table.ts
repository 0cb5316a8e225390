import { peerNames } from './peers/Peer'
import { goalText, isMet, type Row, ratios } from './rows'
import { median } from './statistics'

/** Three digits that matter, thousands set apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

/** The median, and the least and greatest of the rounds. */
export function cell(figures: readonly number[] | undefined, isLimited = false): string {
  if (!figures || figures.length === 0) return ''
  const middle = `${figure(median(figures))}${isLimited ? '*' : ''}`
  return figures.length === 1 ? middle : `${middle} (${figure(Math.min(...figures))}–${figure(Math.max(...figures))})`
}

const titles = ['scenario', 'figure', ...peerNames, '÷ bare', '÷ before', 'goal', '']

/** The rows as a table that people read and Markdown understands. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row, i) => {
    const ratio = (to: 'bare' | 'before') => {
      const found = ratios(row, to)
      return found.length > 0 ? median(found).toFixed(2) : ''
    }
    const met = isMet(row)
    return [
      rows[i - 1]?.scenario === row.scenario ? '' : row.scenario,
      row.what,
      ...peerNames.map((name) => cell(row.figures[name], row.limited?.includes(name))),
      ...[ratio('bare'), ratio('before'), goalText(row), met === undefined ? '' : met ? 'met' : 'MISSED'],
    ]
  })
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)))
  const line = (texts: readonly string[]) => `| ${texts.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(titles), rule, ...cells.map(line)].join('\n')
}
