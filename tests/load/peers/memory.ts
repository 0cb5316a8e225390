import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Resident bytes once everything that is garbage has been collected. */
export function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // V8's own
  for (let i = 0; i < 3; i += 1) collect()
  return process.memoryUsage().rss
}
