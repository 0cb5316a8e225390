import 'fake-indexeddb/auto'
import { startWorld, type World } from '../support/processes/World'
import { play } from './play'
import { hasPassed, type Row, report } from './report'
import { scenarios } from './scenarios'
import type { Scenario } from './scenarios/scenario'

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** `pnpm chaos [NAME…] [--seed N]`: the faults that are named, or all of them. Resolves to the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const seedAt = args.indexOf('--seed')
  const seed = seedAt < 0 ? Date.now() % 1_000_000_000 : Number(args[seedAt + 1])
  const names = args.filter((_, i) => seedAt < 0 || (i !== seedAt && i !== seedAt + 1))
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0 || !Number.isInteger(seed)) {
    const known = scenarios.map(({ name, fault }) => `  ${name.padEnd(20)} ${fault}`).join('\n')
    say(
      `${unknown.length > 0 ? `There is no ${unknown.join(', ')}.` : '--seed takes a whole number.'} There are:\n${known}`,
    )
    return 1
  }
  const chosen = scenarios.filter(({ name, isLong }) => (names.length === 0 ? !isLong : names.includes(name)))
  say(`Seed ${seed}. PostgreSQL, Redis, the HTTP API and socket servers are started on 127.0.0.1 as needed.`)
  let world: World | undefined
  const worldOf = async ({ world: kind = 'single' }: Scenario): Promise<World> => {
    if (world?.kind !== kind) {
      await world?.stop()
      world = await startWorld(kind)
    }
    return world
  }
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    say('Stopping.')
    void Promise.resolve(world?.stop()).then(() => process.exit(130))
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const rows: Row[] = []
  try {
    for (const scenario of chosen) {
      say(`${new Date().toISOString().slice(11, 19)} ${scenario.name}: ${scenario.fault}`)
      const row = await play(await worldOf(scenario), scenario, seed)
      if (interrupted) break
      rows.push(row)
      say(
        `         ${hasPassed(row) ? 'ok' : 'FAILED'}: ${[...row.measures.failures, ...row.measures.notes].join('; ')}`,
      )
    }
  } finally {
    if (!interrupted) await world?.stop()
  }
  say(`\n${report(rows)}`)
  return rows.length === chosen.length && rows.every(hasPassed) ? 0 : 1
}

// What still waits somewhere (a back-off, a keep-alive) has nothing left to do.
process.exit(await main(process.argv.slice(2)))
