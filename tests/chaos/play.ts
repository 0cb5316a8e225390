import { check } from '../support/checker/check'
import type { World } from '../support/processes/World'
import { Crowd } from '../support/workload/Crowd'
import { seededRandom } from '../support/workload/random'
import type { Row } from './report'
import { Measures } from './scenarios/Measures'
import type { Scenario } from './scenarios/scenario'

const perSecond = 20
/** Within 35 s everybody finds what they missed; then some to fetch it. */
const settleMs = 45_000

/** Runs one scenario on a mended world, then holds what everyone was told and sees against the table. */
export async function play(world: World, scenario: Scenario, seed: number): Promise<Row> {
  const measures = new Measures()
  const row: Row = { fault: scenario.fault, measures, verdict: undefined }
  const undo: (() => Promise<void> | void)[] = []
  const random = seededRandom(seed)
  try {
    await world.mend()
    const crowd = await Crowd.gather(world, { people: scenario.people, perSecond, random })
    undo.push(() => crowd.disperse())
    const stage = { world, crowd, random, measures, onEnd: (step: () => Promise<void> | void) => void undo.push(step) }
    await inTime(scenario.run(stage), scenario.limitMs)
    await crowd.settle(settleMs)
    const { edits, deletions, reactions, membershipChanges } = crowd.done
    if (edits > 0) {
      measures.note(
        `${edits} edits, ${deletions} deletions, ${reactions} reactions, ${membershipChanges} changes of members`,
      )
    }
    row.verdict = check(await inTime(crowd.evidence(), settleMs))
    for (const findings of [row.verdict.lost, row.verdict.doubled, row.verdict.misordered, row.verdict.views]) {
      measures.failures.push(...findings.slice(0, 3))
    }
  } catch (error) {
    measures.failures.push(error instanceof Error ? error.message : String(error))
  } finally {
    for (const step of undo.reverse()) await step()
  }
  return row
}

function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done within ${limitMs / 1_000} s`)), limitMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
