import type { World, WorldKind } from '../../support/processes/World'
import type { Crowd } from '../../support/workload/Crowd'
import type { Random } from '../../support/workload/random'
import type { Measures } from './Measures'

export interface Stage {
  world: World
  /** People who begin to type before the fault, and go on until the scenario is over. */
  crowd: Crowd
  random: Random
  measures: Measures
  /** Run when everything has been held against the table. */
  onEnd(undo: () => Promise<void> | void): void
}

export interface Scenario {
  /** As an argument of `pnpm chaos`. */
  name: string
  fault: string
  /** `single` unless given. */
  world?: WorldKind
  /** Run when it is named, not with all. */
  isLong?: boolean
  /** How many people there are; fewer where the scenario makes its own load. */
  people: number
  /** Ends the scenario as failed, in milliseconds. */
  limitMs: number
  run(stage: Stage): Promise<void>
}
