import { parseArgs } from 'node:util'
import type { Scenario } from './scenarios/Scenario'

export interface BenchOptions {
  /** The chosen ones, in the order of the list. */
  scenarios: readonly Scenario[]
  rounds: number
  seconds: number
  isQuick: boolean
  generators: number
  /** After so many it gives up. */
  minutes: number
  /** Where the figures are kept. */
  file: string
  /** Measures nothing: prints what the file holds. */
  isReport: boolean
}

const defaults = { rounds: 3, seconds: 3, generators: 2, minutes: 45, file: 'reports/bench.json' }

export const usage = (all: readonly Scenario[]): string => `pnpm bench [scenario …] [options]

Measures a bare Socket.IO relay, a chat server as most are written first, and Tandem, on 127.0.0.1, side by side.

  --rounds N      how often each takes its turn (${defaults.rounds})
  --seconds N     how long a turn is (${defaults.seconds})
  --generators N  load generators, each a process (${defaults.generators})
  --minutes N     gives up after so many (${defaults.minutes})
  --quick         few people, one short round: only to see it work
  --file FILE     where the figures are kept, the newest of each scenario (${defaults.file})
  --report        measures nothing: prints what the file holds, and the plan made of it
  --help          this

${all.map(({ name, what }) => `  ${name.padEnd(14)}  ${what}`).join('\n')}`

/** @throws Error with a sentence for whoever typed it. */
export function parseOptions(args: readonly string[], all: readonly Scenario[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      generators: { type: 'string' },
      minutes: { type: 'string' },
      file: { type: 'string', default: defaults.file },
      quick: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const unknown = positionals.filter((name) => !all.some((scenario) => scenario.name === name))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}. --help lists them.`)
  const number = (name: 'rounds' | 'seconds' | 'generators' | 'minutes', quick?: number): number => {
    const given = values[name] === undefined ? undefined : Number(values[name])
    if (given !== undefined && !(Number.isFinite(given) && given > 0)) throw new Error(`--${name} takes a number.`)
    return given ?? (values.quick && quick !== undefined ? quick : defaults[name])
  }
  return {
    scenarios: all.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    rounds: number('rounds', 1),
    seconds: number('seconds', 0.3),
    isQuick: values.quick,
    generators: number('generators', 1),
    minutes: number('minutes'),
    file: values.file,
    isReport: values.report,
  }
}
