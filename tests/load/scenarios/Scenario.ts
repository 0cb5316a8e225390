import type { Bench } from '../measure'
import type { Row } from '../rows'

export interface Scenario {
  name: string
  /** For the list of them. */
  what: string
  /** Starts its own peers; whatever it started is stopped for it. */
  run(bench: Bench): Promise<Row[]>
}
