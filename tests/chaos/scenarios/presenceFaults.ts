import type { PresenceMap, UserStatus } from '@/contracts/presence'
import { waitUntil } from '../../../scripts/support/processes'
import type { World } from '../../support/processes/World'
import type { Person } from '../../support/workload/people'
import type { Scenario, Stage } from './scenario'

/** Nobody may be shown as here for longer than this after they went, in milliseconds. */
const goneMs = 60_000
const watched = 10

/** What a page without a socket learns, over HTTP: how many of these people are shown as here. */
async function shownTo({ world }: Stage, watcher: Person, people: readonly Person[]): Promise<number> {
  const ids = people.map(({ id }) => id).join(',')
  const response = await fetch(`http://127.0.0.1:${world.web.port}/api/presence?ids=${ids}`, {
    headers: { cookie: watcher.cookie },
  })
  if (!response.ok) throw new Error(`GET /api/presence answered ${response.status}`)
  const presence = (await response.json()) as PresenceMap // the contract's answer
  return Object.values(presence).filter(({ isOnline }) => isOnline).length
}

/** What other services learn of the socket server. */
async function statusesOf({ socket, serviceKey }: World, people: readonly Person[]): Promise<number> {
  const answers = people.map(async ({ id }) => {
    const response = await fetch(`http://127.0.0.1:${socket.port}/users/${id}/status`, {
      headers: { authorization: `Bearer ${serviceKey}` },
    })
    if (!response.ok) throw new Error(`GET /users/:id/status answered ${response.status}`)
    const { isOnline } = (await response.json()) as UserStatus // the contract's answer
    return isOnline
  })
  return (await Promise.all(answers)).filter(Boolean).length
}

/** Some who are there and leave in the crash, and one in a room with them who watches. */
async function gather(stage: Stage) {
  const { crowd, world } = stage
  await crowd.untilLive(20_000)
  const [watcher, ...leaving] = crowd.clients.slice(0, watched + 1)
  if (!watcher) throw new Error('Nobody is there.')
  await crowd.quietRoom([watcher, ...leaving])
  const people = leaving.map(({ person }) => person)
  const before = async () =>
    (await shownTo(stage, watcher.person, people)) === people.length &&
    (await statusesOf(world, people)) === people.length &&
    watcher.online(people) === people.length
  stage.measures.must(
    `${people.length} people shown as here before`,
    await waitUntil(before, { timeoutMs: 20_000, everyMs: 250 }),
  )
  return { watcher, leaving, people }
}

/** Waits until none of them is shown any more; resolves with how long after `since` that was, in milliseconds. */
async function untilNone(shown: () => Promise<number>, since: number): Promise<number> {
  const none = await waitUntil(async () => (await shown()) === 0, { timeoutMs: goneMs + 30_000, everyMs: 500 })
  return none ? Date.now() - since : Number.POSITIVE_INFINITY
}

export const killedForGood: Scenario = {
  name: 'kill-9-no-restart',
  fault: 'kill -9 of the socket server, none in its place',
  people: watched + 1,
  limitMs: 180_000,
  async run(stage) {
    const { world, crowd, measures, onEnd } = stage
    const { watcher, leaving, people } = await gather(stage)
    onEnd(() => world.mend())
    await world.socket.end('SIGKILL')
    const since = Date.now()
    for (const client of leaving) client.close()
    const [overHttp, onPage] = await Promise.all([
      untilNone(() => shownTo(stage, watcher.person, people), since),
      untilNone(async () => watcher.online(people), since),
    ])
    measures.within('nobody shown over HTTP', overHttp, goneMs)
    measures.within('on a page that stayed', onPage, goneMs)
    await world.socket.start()
    await crowd.untilLive(60_000)
  },
}

export const restartedWithoutThem: Scenario = {
  name: 'kill-9-left',
  fault: 'kill -9 of the socket server, restart, and some do not come back',
  people: watched + 1,
  limitMs: 180_000,
  async run(stage) {
    const { world, crowd, measures } = stage
    const { watcher, leaving, people } = await gather(stage)
    await world.socket.end('SIGKILL')
    const since = Date.now()
    for (const client of leaving) client.close()
    await world.socket.start()
    const [overHttp, toServices, onPage] = await Promise.all([
      untilNone(() => shownTo(stage, watcher.person, people), since),
      untilNone(() => statusesOf(world, people), since),
      untilNone(async () => watcher.online(people), since),
    ])
    measures.within('nobody shown over HTTP', overHttp, goneMs)
    measures.within('to services', toServices, goneMs)
    measures.within('on a page that stayed', onPage, goneMs)
    await crowd.untilLive(60_000)
  },
}
