import type { PeerName } from './peers/Peer'
import { median } from './statistics'

/** What must hold of Tandem's median: by itself, as a part of another peer's in the same round, or beyond that. */
export type Goal = { atLeast?: number; atMost?: number } & ({ of: PeerName } | { beyond: PeerName } | { by: 'itself' })

/** One line of the table. */
export interface Row {
  scenario: string
  /** What the figures are, with their unit. */
  what: string
  /** Each peer's figures, one for each round. */
  figures: Partial<Record<PeerName, number[]>>
  goal?: Goal
  /** Peers at which the load generators had no time left, so that the peer might do more. */
  limited?: PeerName[]
}

/** Rows of what each round showed where there is nobody to compare Tandem with. */
export const tandemRows = <Round>(
  scenario: string,
  rounds: readonly Round[],
  figures: readonly (readonly [
    what: string,
    of: (round: Round) => number,
    bound?: { atLeast?: number; atMost?: number },
  ])[],
): Row[] =>
  figures.map(([what, of, bound]) => ({
    ...{ scenario, what, figures: { tandem: rounds.map(of) } },
    ...(bound && { goal: { by: 'itself', ...bound } }),
  }))

/** Tandem's figure as a part of another peer's in the same round: whatever slows the machine down slows down both. */
export function ratios({ figures: { tandem = [], ...others } }: Row, to: 'bare' | 'before'): number[] {
  return tandem.flatMap((figure, round) => {
    const other = others[to]?.[round]
    return other ? [figure / other] : []
  })
}

/** Undefined where there is no goal, or nothing to hold it against. */
export function isMet(row: Row): boolean | undefined {
  const { goal, figures } = row
  if (!goal || !figures.tandem) return undefined
  const value = median(goalFigures(row, goal))
  if (Number.isNaN(value)) return undefined
  return value >= (goal.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (goal.atMost ?? Number.POSITIVE_INFINITY)
}

function goalFigures(row: Row, goal: Goal): number[] {
  const { tandem = [], ...others } = row.figures
  if ('by' in goal) return tandem
  const other = 'of' in goal ? goal.of : goal.beyond
  if (other === 'tandem') return tandem
  if ('of' in goal) return ratios(row, other)
  return tandem.map((figure, round) => figure - (others[other]?.[round] ?? Number.NaN))
}

export function goalText({ goal }: Row): string {
  if (!goal) return ''
  const bound = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
  if ('of' in goal) return `${bound} × ${goal.of}`
  return 'beyond' in goal ? `≤ ${goal.beyond} + ${goal.atMost}` : bound
}
