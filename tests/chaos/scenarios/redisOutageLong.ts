import { setTimeout as delay } from 'node:timers/promises'
import { CrossTalk } from './CrossTalk'
import { redisOf } from './redisFaults'
import type { Scenario } from './scenario'

const minuteMs = 60_000
/** What a process may grow by from the first to the tenth minute: the collector's own ups and downs. */
const growthBytes = 50_000_000

export const redisOutageLong: Scenario = {
  name: 'redis-outage-long',
  fault: 'Redis frozen 10 minutes, under load',
  world: 'linked',
  isLong: true,
  people: 50,
  limitMs: 14 * minuteMs,
  async run(stage) {
    const { world, crowd, measures } = stage
    const redis = redisOf(world)
    const talk = await CrossTalk.start(stage, { everyMs: 50 })
    await crowd.typeFor(3_000)
    const since = performance.now()
    redis.freeze()
    const resident: number[][] = []
    for (const minute of [1, 5, 10]) {
      await delay(Math.max(0, since + minute * minuteMs - performance.now()))
      const bytes = world.sockets.map((socket) => socket.residentBytes())
      resident.push(bytes)
      measures.note(`minute ${minute}: ${bytes.map((one) => `${Math.round(one / 1e6)} MB`).join(' and ')}`)
    }
    redis.thaw()
    await talk.stop(15_000)
    talk.measure(measures, 'meanwhile', since, performance.now(), 12_000)
    const [first = [], , last = []] = resident
    const growth = last.map((bytes, i) => bytes - (first[i] ?? 0))
    measures.must(
      `memory flat: ${growth.map((bytes) => `${Math.round(bytes / 1e6)} MB`).join(' and ')} more, ${growthBytes / 1e6} MB at most`,
      growth.every((bytes) => bytes <= growthBytes),
    )
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}
