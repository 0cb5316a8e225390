import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../../scripts/support/processes'
import { RawClient } from '../../support/clients/RawClient'
import type { World } from '../../support/processes/World'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'
import { CrossTalk, fullLoad } from './CrossTalk'
import { PresenceWatch } from './PresenceWatch'
import type { Scenario, Stage } from './scenario'

const people = 50
const remoteLimitMs = 12_000
/** Of the engine: what presence may take to be right again. */
const heartbeatMs = 25_000

interface RedisFault {
  name: string
  fault: string
  forMs: number
  begin(redis: Redis): Promise<void> | void
  end(redis: Redis): Promise<void> | void
}

type Redis = NonNullable<World['redis']> & { proxy: NonNullable<World['proxies']['redis']> }

/** Redis of a world that has one, with the proxy before it. */
export function redisOf({ redis, proxies }: World): Redis {
  if (!redis || !proxies.redis) throw new Error('There is no Redis in this world.')
  return Object.assign(redis, { proxy: proxies.redis })
}

const redisFault = ({ name, fault, forMs, begin, end }: RedisFault): Scenario => ({
  name,
  fault,
  world: 'linked',
  people,
  limitMs: 180_000,
  async run(stage) {
    const { world, crowd, measures } = stage
    const redis = redisOf(world)
    const pids = world.sockets.map(({ pid }) => pid)
    const visitors = await Visitors.invite(stage)
    const talk = await CrossTalk.start(stage, fullLoad)
    await crowd.typeFor(5_000)
    const begunAt = performance.now()
    await begin(redis)
    await delay(2_000)
    await visitors.change()
    await delay(Math.max(0, forMs - (performance.now() - begunAt)))
    await end(redis)
    const endedAt = performance.now()
    measures.within('presence right on every instance', await visitors.untilRight(60_000), heartbeatMs)
    const isLinked = async () =>
      (await Promise.all(world.sockets.map((one) => one.status()))).every((is) => is === 'ok')
    await waitUntil(isLinked, { timeoutMs: 30_000 })
    measures.recoveredMs = performance.now() - endedAt
    await delay(3_000)
    await talk.stop(15_000)
    // What was under way when it began is at risk as well.
    talk.measure(measures, 'meanwhile', begunAt - 1_000, performance.now(), remoteLimitMs)
    measures.must(
      'no process ended',
      world.sockets.every((one, i) => one.isRunning && one.pid === pids[i]),
    )
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
})

export const redisKilled = redisFault({
  name: 'redis-killed',
  fault: 'Redis killed (kill -9) for 20 s',
  forMs: 20_000,
  begin: (redis) => redis.kill(),
  end: (redis) => redis.start(),
})

export const redisFrozen = redisFault({
  name: 'redis-frozen',
  fault: 'Redis frozen 30 s (SIGSTOP)',
  forMs: 30_000,
  begin: (redis) => redis.freeze(),
  end: (redis) => redis.thaw(),
})

export const redisEmptied = redisFault({
  name: 'redis-emptied',
  fault: 'Redis restarted, empty',
  forMs: 5_000,
  async begin(redis) {
    await redis.kill()
    await redis.start()
  },
  end() {},
})

export const redisSlow = redisFault({
  name: 'redis-slow',
  fault: 'Redis 500 ms away, each way, for 30 s',
  forMs: 30_000,
  begin: ({ proxy }) => proxy.impose({ delayMs: 500 }),
  end: ({ proxy }) => proxy.calm(),
})

/** One person who leaves while Redis is away and one who comes, beside the crowd that stays, and who looks at them. */
class Visitors {
  private coming: RawClient | undefined

  private constructor(
    private readonly leaving: RawClient,
    private readonly come: () => Promise<RawClient>,
    private readonly watches: readonly PresenceWatch[],
    private readonly expected: readonly string[],
  ) {}

  static async invite(stage: Stage): Promise<Visitors> {
    const { world, crowd, onEnd } = stage
    const [leaver, comer] = await insertPeople(world.db, ['Leaver', 'Comer'])
    if (!leaver || !comer) throw new Error('Nobody was made.')
    const stayers = crowd.clients.map(({ person }) => person)
    const webUrl = `http://127.0.0.1:${world.web.port}`
    const leaving = await RawClient.connect(leaver, { webUrl })
    const watches = await Promise.all(
      world.sockets.map((_, i) => PresenceWatch.start(stage, i, [...stayers, leaver, comer])),
    )
    const visitors = new Visitors(leaving, () => RawClient.connect(comer, { webUrl }), watches, [
      ...stayers.map(({ id }) => id),
      comer.id,
    ])
    onEnd(() => {
      leaving.stop()
      visitors.coming?.stop()
    })
    return visitors
  }

  async change(): Promise<void> {
    this.leaving.stop()
    this.coming = await this.come()
  }

  /** Resolves with how long it takes until every instance answers who is here, and nobody else. */
  async untilRight(timeoutMs: number): Promise<number> {
    const since = performance.now()
    let wrong: string[] = []
    const isRight = async () => {
      const answers = await Promise.all(this.watches.map((watch) => watch.online()))
      wrong = answers.flatMap((online, i) => [
        ...this.expected.filter((id) => !online.has(id)).map((id) => `${id} is missing on ${i + 1}`),
        ...[...online].filter((id) => !this.expected.includes(id)).map((id) => `${id} is a ghost on ${i + 1}`),
      ])
      return wrong.length === 0
    }
    await waitFor(isRight, {
      timeoutMs,
      everyMs: 250,
      what: () => `presence to be right: ${wrong.length} times it is not; ${wrong.slice(0, 3).join('; ')}`,
    })
    return performance.now() - since
  }
}
