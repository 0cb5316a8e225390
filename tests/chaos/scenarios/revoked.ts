import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../../scripts/support/processes'
import { RawClient } from '../../support/clients/RawClient'
import { refuseApplication } from '../../support/proxy/taps'
import { inParallel } from '../../support/rounds/inParallel'
import { insertPeople } from '../../support/workload/people'
import { redisOf } from './redisFaults'
import type { Scenario, Stage } from './scenario'

const limitMs = 5_000
const peopleInAll = 12

export const revoked: Scenario = {
  name: 'revoked',
  fault: 'sessions revoked: with Redis, without, and without NOTIFY as well',
  world: 'linked',
  people: 10,
  limitMs: 120_000,
  async run(stage) {
    const { world, crowd, measures } = stage
    await crowd.typeFor(1_000)
    measures.within('closed everywhere', await slowestClose(stage), limitMs)
    await redisOf(world).kill()
    await waitUntil(async () => (await world.socket.status()) === 'degraded', { timeoutMs: 10_000 })
    measures.within('while Redis is down', await slowestClose(stage), limitMs)
    world.proxies.socketDatabase.impose({ tap: refuseApplication('tandem-listen') })
    await world.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem-listen'`,
    )
    measures.within('and nothing is announced', await slowestClose(stage), limitMs)
    measures.must('everyone else stayed', crowd.notLive.length === 0)
  },
}

/** People sign out at different moments; resolves to the longest time one of their sockets outlived that. */
async function slowestClose({ world, random }: Stage): Promise<number> {
  const webUrl = `http://127.0.0.1:${world.web.port}`
  const people = await insertPeople(
    world.db,
    Array.from({ length: peopleInAll }, (_, i) => `Leaving ${i + 1}`),
  )
  let slowestMs = 0
  await inParallel(people.length, people.length, async (n) => {
    const person = people[n]
    if (!person) return
    const clients = await Promise.all(
      world.sockets.flatMap(({ port }) =>
        (['/chat', '/notifications'] as const).map((namespace) =>
          RawClient.connect(person, { webUrl, socketUrl: `http://127.0.0.1:${port}`, namespace }),
        ),
      ),
    )
    await delay(random() * limitMs)
    const [client] = clients
    if (!client) return
    const { status } = await client.http('POST', '/api/auth/logout')
    if (status !== 204) throw new Error(`Signing out was answered ${status}.`)
    const since = performance.now()
    await waitUntil(() => clients.every(({ socket }) => !socket.connected), { timeoutMs: 4 * limitMs, everyMs: 10 })
    slowestMs = Math.max(slowestMs, performance.now() - since)
    for (const client of clients) client.stop()
  })
  return slowestMs
}
