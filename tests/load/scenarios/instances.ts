import { connectPeople, measureLoad, type Side, type Slice } from '../measure'
import { tandemRows } from '../rows'
import { median } from '../statistics'
import type { Scenario } from './Scenario'

const fleets = [
  { title: '1 instance', instances: 1, hasRedis: false },
  { title: '2 with Redis', instances: 2, hasRedis: true },
  { title: '2 without Redis', instances: 2, hasRedis: false },
  { title: '4 with Redis', instances: 4, hasRedis: true },
  { title: '4 without Redis', instances: 4, hasRedis: false },
]
type Fleet = (typeof fleets)[number] & { side: Side; closed: Slice[]; paced: Slice[] }

/** Of the least capacity, for all of them. */
const PACE = 0.5

export const instances: Scenario = {
  name: 'instances',
  what: 'one, two and four instances, rooms of two whose members are on different ones, with Redis and without',
  async run(bench) {
    const running: Fleet[] = []
    for (const fleet of fleets) {
      const side = await connectPeople(bench, await bench.testbed.tandem(fleet), bench.size(200, 8), 'pairs')
      running.push({ ...fleet, side, closed: [], paced: [] })
    }
    const load = { seconds: bench.seconds, mix: ['sendMessage'] }
    for (let round = -1; round < bench.rounds; round += 1) {
      for (const fleet of running) {
        const slice = await measureLoad(bench, fleet.side, { ...load, pace: { inFlight: 1 } })
        if (round >= 0) fleet.closed.push(slice)
      }
    }
    const least = Math.min(...running.map(({ closed }) => median(closed.map(({ perSecond }) => perSecond))))
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const fleet of running) {
        fleet.paced.push(await measureLoad(bench, fleet.side, { ...load, pace: { perSecond: least * PACE } }))
      }
    }
    const [one, two] = running
    if (!one || !two) throw new Error('Nothing was compared.')
    const rows = running.flatMap((fleet) => [
      ...tandemRows('instances', fleet.closed, [
        [`${fleet.title}: messages/s, 1 in flight`, ({ perSecond }) => perSecond],
      ]),
      ...tandemRows('instances', fleet.paced, [
        ['at half the least capacity: heard, p99 ms', ({ deliveredMs }) => deliveredMs.p99],
        ['the same: CPU in all, µs a message', ({ micros }) => micros.all],
        ['the same: of it PostgreSQL', ({ micros }) => micros.postgres],
        ['the same: of it Redis', ({ micros }) => micros.redis],
      ]),
    ])
    const times = two.paced.map(({ micros }, round) => micros.all / (one.paced[round]?.micros.all ?? Number.NaN))
    return [
      ...rows,
      ...tandemRows('instances', times, [['CPU: two with Redis ÷ one', (each) => each, { atMost: 1.5 }]]),
    ]
  },
}
