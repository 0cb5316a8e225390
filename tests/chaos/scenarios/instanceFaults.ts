import { setTimeout as delay } from 'node:timers/promises'
import { PresenceWatch } from './PresenceWatch'
import type { Scenario } from './scenario'

const people = 50
/** Longer than a lease, after which those whom nobody speaks for would be said to have gone. */
const watchMs = 55_000

export const instanceKilled: Scenario = {
  name: 'instance-killed',
  fault: 'kill -9 of one of two instances',
  world: 'linked',
  people,
  limitMs: 150_000,
  async run(stage) {
    const { world, crowd, measures } = stage
    const watch = await PresenceWatch.start(
      stage,
      1,
      crowd.clients.map(({ person }) => person),
    )
    await crowd.typeFor(5_000)
    const before = world.socket.logged
    const missing = new Set<string>()
    const since = Date.now()
    await world.socket.end('SIGKILL')
    let moved = 0
    const live = crowd.untilLive(60_000)
    const looking = (async () => {
      while (Date.now() - since < watchMs) {
        moved = Math.max(moved, crowd.notLive.length)
        const online = await watch.online()
        for (const { person } of crowd.clients) if (!online.has(person.id)) missing.add(person.name)
        await delay(100)
      }
    })()
    await delay(200)
    moved = Math.max(moved, crowd.notLive.length)
    await live
    await crowd.untilLive(60_000)
    measures.recoveredMs = Date.now() - since
    measures.within('everyone live on the other', measures.recoveredMs, 10_000)
    await looking
    measures.must(`${moved} had to move`, moved > 0)
    measures.must('the instance stayed away', world.socket.logged === before || !world.socket.isRunning)
    measures.none('pushes that somebody went', watch.toldGone)
    measures.none('people not shown online meanwhile', [...missing])
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}

const restarts = 10

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  fault: `rolling restart of two instances, ${restarts} times`,
  world: 'linked',
  people,
  limitMs: 600_000,
  async run({ world, crowd, measures }) {
    await crowd.typeFor(3_000)
    const exits: number[] = []
    const live: number[] = []
    const failures: string[] = []
    for (let round = 0; round < restarts; round += 1) {
      for (const socket of world.sockets) {
        const since = Date.now()
        const ending = await socket.end('SIGTERM')
        exits.push(ending.ms)
        if (ending.code !== 0) failures.push(`exit code ${ending.code ?? ending.signal} in round ${round + 1}`)
        await socket.start()
        await crowd.untilLive(30_000)
        live.push(Date.now() - since)
      }
    }
    await delay(2_000)
    measures.recoveredMs = Math.max(...live)
    measures.none(`of ${exits.length} exits in disorder`, failures)
    measures.within('slowest exit', Math.max(...exits), 10_000)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}
