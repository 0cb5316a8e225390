import { listenForStop } from '../../scripts/support/stopSignal'
import { capacityPlan } from './capacity'
import { watchOthers } from './cpuTime'
import { type BenchOptions, parseOptions, usage } from './options'
import { Testbed } from './peers/Testbed'
import { keepResults, type Result, readResults, resultOf } from './results'
import { scenarios } from './scenarios'
import { table } from './table'

/** `pnpm bench`: see `--help` and docs/performance.md. What is measured goes to a file, the table to the screen. */

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(0)} s`
const percent = (share: number) => `${(share * 100).toFixed(0)} %`

/** Others' share of the machine beyond which figures say more of them than of what is measured. */
const DISTURBED = 0.1

function print(results: readonly Result[]): void {
  const rows = results.flatMap(({ rows }) => rows)
  say(`\nMedian (least–greatest) of the rounds.\n\n${table(rows)}`)
  if (rows.some(({ limited }) => limited))
    say('\n* The load generators were more than 90 % busy: this peer may do more than they could ask for.')
  const disturbed = results.filter(({ others }) => others > DISTURBED)
  if (disturbed.length > 0) {
    const shares = disturbed.map(({ scenario, others }) => `${scenario} (${percent(others)})`).join(', ')
    say(`\nOther work had a large part of the machine meanwhile: ${shares}. Measure again when it is quiet.`)
  }
}

async function measure(options: BenchOptions, abort: AbortSignal): Promise<Result[]> {
  const results: Result[] = []
  const testbed = await stoppedBy(abort, Testbed.start(options.generators))
  const { rounds, isQuick } = options
  try {
    for (const { name, what, run } of options.scenarios) {
      if (abort.aborted) break
      say(`${new Date().toISOString().slice(11, 19)} ${name}: ${what}`)
      const begun = performance.now()
      const others = watchOthers([process.pid, testbed.postmaster])
      const rows = await stoppedBy(
        abort,
        Promise.race([
          run({ testbed, rounds, seconds: options.seconds, size: (full, quick) => (isQuick ? quick : full) }),
          testbed.died,
        ]),
      )
      const result = resultOf(name, rows, { ...options, others: others() })
      await testbed.clear()
      say(`         ${seconds(begun)}`)
      results.push(result)
      await keepResults(options.file, { [name]: result })
    }
  } finally {
    await testbed.stop()
  }
  return results
}

/** Whatever a scenario waits for, it is left when somebody asks for the end. */
function stoppedBy<T>(abort: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    abort.addEventListener('abort', () => reject(new Error('Stopped.')), { once: true })
    work.then(resolve, reject)
  })
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, scenarios)
  if (options === 'help') {
    say(usage(scenarios))
    return 0
  }
  if (options.isReport) {
    const kept = await readResults(options.file)
    const results = scenarios.flatMap(({ name }) => kept[name] ?? [])
    print(results)
    say(`\n${capacityPlan(kept)}`)
    return 0
  }
  const stop = listenForStop()
  stop.onInsist(() => process.exit(130))
  // What is under way when this process ends, ends with it: they all hear that their channel closes.
  const giveUp = setTimeout(() => {
    say(`Not done after ${options.minutes} minutes: given up.`)
    process.exit(1)
  }, options.minutes * 60_000)
  giveUp.unref()
  print(await measure(options, stop.signal))
  say(`\nFigures: ${options.file}`)
  return 0
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  // A sentence for people; what is behind it for whoever looks closer.
  console.error(error instanceof Error ? (process.env.VERBOSE ? error.stack : error.message) : error)
  process.exit(1)
}
