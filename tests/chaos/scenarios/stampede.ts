import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '@/client/runtime/retry'
import { RawClient } from '../../support/clients/RawClient'
import type { World } from '../../support/processes/World'
import { inParallel } from '../../support/rounds/inParallel'
import { insertGroup, insertPeople } from '../../support/workload/people'
import type { Random } from '../../support/workload/random'
import { seconds } from './Measures'
import type { Scenario } from './scenario'

const clientsInAll = 1_000
const groupOf = 20
/** DATABASE_POOL_SIZE unless set, and the connection that commits messages. */
const connectionsOfOne = 10 + 1

export const stampede: Scenario = {
  name: 'stampede',
  fault: `${clientsInAll.toLocaleString('en')} clients reconnect at once`,
  world: 'linked',
  people: 0,
  limitMs: 200_000,
  async run({ world, measures, random, onEnd }) {
    const webUrl = `http://127.0.0.1:${world.web.port}`
    const socketUrl = `http://127.0.0.1:${world.proxies.socket.port}`
    const people = await insertPeople(
      world.db,
      Array.from({ length: clientsInAll }, (_, i) => `Person ${i + 1}`),
    )
    for (let i = 0; i < people.length; i += groupOf) {
      await insertGroup(world.db, `Group ${i / groupOf + 1}`, people.slice(i, i + groupOf))
    }
    const clients: RawClient[] = []
    onEnd(() => {
      for (const client of clients) client.stop()
    })
    await inParallel(people.length, 30, async (n) => {
      const person = people[n]
      if (person) clients.push(await RawClient.connect(person, { webUrl, socketUrl }))
    })
    await Promise.all(world.sockets.map((socket) => socket.loopDelay())) // from here on it counts
    const connections = countConnections(world)
    onEnd(async () => void (await connections.stop()))
    const since = Date.now()
    world.proxies.socket.resetAll()
    const attempts = await Promise.all(clients.map((client) => comeBack(client, random)))
    measures.recoveredMs = Date.now() - since
    const most = await connections.stop()
    measures.within('all live', measures.recoveredMs, 30_000)
    measures.note(`${attempts.reduce((sum, n) => sum + n, 0)} attempts`)
    const allowed = connectionsOfOne * world.sockets.length
    measures.must(`${most.work} connections to PostgreSQL, ${allowed} allowed`, most.work <= allowed)
    measures.must(`${most.listen} to listen`, most.listen <= world.sockets.length)
    for (const [i, socket] of world.sockets.entries()) {
      const { p99Ms, maxMs } = await socket.loopDelay()
      measures.note(`event loop of ${i + 1} late by ${seconds(maxMs)} at most`)
      measures.within(`p99 of ${i + 1}`, p99Ms, 200)
    }
  },
}

/** Tries until it is live, with the product's own pauses; resolves to how often it tried. */
async function comeBack(client: RawClient, random: Random): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await client.reconnect()
      return failures + 1
    } catch {
      await delay(backoffMs(failures, random))
    }
  }
}

/** Looks at PostgreSQL's own list until `stop`, which resolves to the most there were. */
function countConnections({ db }: World): { stop(): Promise<{ work: number; listen: number }> } {
  const most = { work: 0, listen: 0 }
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      const { rows } = await db.query<{ name: string; n: number }>(
        `SELECT application_name AS name, count(*)::int AS n FROM pg_stat_activity
         WHERE application_name IN ('tandem-socket', 'tandem-listen') GROUP BY application_name`,
      )
      for (const { name, n } of rows) {
        if (name === 'tandem-listen') most.listen = Math.max(most.listen, n)
        else most.work = Math.max(most.work, n)
      }
      await delay(50)
    }
    return most
  })()
  return {
    stop() {
      isOver = true
      return looking
    },
  }
}
