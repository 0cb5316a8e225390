import { residentBytes } from '../cpuTime'
import { connectPeople, measureLoad } from '../measure'
import { tandemRows } from '../rows'
import type { Scenario } from './Scenario'

/** How much harder than it can bear. */
const TIMES = 3

export const overload: Scenario = {
  name: 'overload',
  what: 'three times as many messages as Tandem can store: what goes on, what is refused, how much memory it takes',
  async run(bench) {
    const { testbed, seconds } = bench
    // Who asks for too much is elsewhere; here they would take the cores that storing needs.
    await testbed.generators.giveWay(true)
    const side = await connectPeople(bench, await testbed.tandem(), bench.size(200, 8), 'pairs')
    const closed = { pace: { inFlight: 4 }, seconds, mix: ['sendMessage'] }
    const rounds: {
      peak: number
      asked: number
      goesOn: number
      afterwards: number
      coded: number
      uncoded: number
      grownBytes: number
    }[] = []
    while (rounds.length <= bench.rounds) {
      const peak = (await measureLoad(bench, side, closed)).perSecond
      const memory = watchMemory(side.peer.pids[0] ?? 0)
      const load = { ...closed, pace: { perSecond: peak * TIMES } }
      const slice = await measureLoad(bench, side, load).finally(memory.stop)
      const [coded, uncoded] = [true, false].map((isCoded) =>
        Object.entries(slice.refused).reduce(
          (sum, [code, times]) => (/^[A-Z_]+$/.test(code) === isCoded ? sum + times : sum),
          0,
        ),
      )
      rounds.push({
        ...{ peak, asked: slice.askedPerSecond / peak, goesOn: slice.perSecond / peak },
        ...{ afterwards: slice.perSecondAfterwards / peak, grownBytes: memory.grownBytes() },
        ...{ coded: (coded ?? 0) / seconds, uncoded: uncoded ?? 0 },
      })
    }
    await testbed.generators.giveWay(false)
    // The first is not counted: code that overload alone runs is not compiled yet.
    return tandemRows('overload', rounds.slice(1), [
      ['peak, messages/s', ({ peak }) => peak],
      ['asked for, times the peak', ({ asked }) => asked],
      ['goes on at three times the peak, part of it', ({ goesOn }) => goesOn, { atLeast: 0.9 }],
      ['the same of what waited, once nobody writes any more', ({ afterwards }) => afterwards],
      ['refused with a code, a second', ({ coded }) => coded],
      ['refused without a code, or not answered', ({ uncoded }) => uncoded, { atMost: 0 }],
      // What may wait: 10,000 messages, and 64 MB for slow readers.
      ['memory grows by, MB', ({ grownBytes }) => grownBytes / 1e6, { atMost: 256 }],
    ])
  },
}

function watchMemory(pid: number) {
  const before = residentBytes(pid)
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(pid))
  }, 100)
  return { grownBytes: () => most - before, stop: () => clearInterval(watch) }
}
