import { randomUUID } from 'node:crypto'
import { cpuSeconds } from '../cpuTime'
import { nowMs } from '../generator/protocol'
import { spread } from '../measure'
import { makePeople, type Talker } from '../peers/people'
import { tandemRows } from '../rows'
import { quantile } from '../statistics'
import type { Scenario } from './Scenario'

const TALKERS = 20

export const http: Scenario = {
  name: 'http',
  what: 'the HTTP fallback: 20 people post messages to the pages’ process, each as fast as they are answered',
  async run({ testbed, rounds, seconds, size }) {
    const peer = await testbed.tandem()
    const web = await testbed.web(peer)
    const people = await makePeople(peer.databaseUrl, size(TALKERS, 4), 'pairs')
    const figures: { tookMs: number[]; micros: number }[] = []
    for (let round = -1; round < rounds; round += 1) {
      const before = cpuSeconds([web.pid])
      const tookMs = await postAll(web.url, people, seconds)
      const micros = ((cpuSeconds([web.pid]) - before) * 1e6) / tookMs.length
      if (round >= 0) figures.push({ tookMs, micros })
    }
    return tandemRows('http', figures, [
      ['messages/s', ({ tookMs }) => tookMs.length / seconds],
      ['answered, p50 ms', ({ tookMs }) => quantile(tookMs, 0.5)],
      ['answered, p99 ms', ({ tookMs }) => quantile(tookMs, 0.99)],
      ['CPU of the process, µs a message', ({ micros }) => micros],
    ])
  },
}

/** Resolves with how long each answer took, in milliseconds. */
async function postAll(url: string, people: readonly Talker[], seconds: number): Promise<number[]> {
  const until = performance.now() + seconds * 1_000
  const took: number[] = []
  await Promise.all(
    people.map(async ({ cookie, roomId }) => {
      while (performance.now() < until) {
        const begun = performance.now()
        const body = JSON.stringify({ roomId, message: 'A message of a usual length.', clientId: randomUUID() })
        const headers = { cookie, 'Content-Type': 'application/json' }
        const answer = await fetch(`${url}/api/chat/messages`, { method: 'POST', headers, body })
        if (!answer.ok) throw new Error(`A message was answered with ${answer.status}: ${await answer.text()}`)
        await answer.arrayBuffer()
        took.push(performance.now() - begun)
      }
    }),
  )
  return took
}

export const notifications: Scenario = {
  name: 'notifications',
  what: 'one request that notifies 1,000 people, all of them connected',
  async run({ testbed, rounds, size }) {
    const peer = await testbed.tandem()
    const web = await testbed.web(peer)
    const people = await makePeople(peer.databaseUrl, size(1_000, 10), 'pairs')
    const { generators } = testbed
    await generators.connect(peer.id, spread(people, peer.urls), ['/notifications'])
    const userIds = people.map(({ userId }) => userId)
    const figures: { answeredMs: number; heardMs: number; micros: number }[] = []
    for (let round = -1; round < rounds; round += 1) {
      const clock = () => cpuSeconds([...peer.pids, web.pid, testbed.postmaster])
      const before = clock()
      const begun = nowMs()
      const answer = await fetch(`${web.url}/api/notifications`, {
        method: 'POST',
        headers: {
          ...{ Authorization: `Bearer ${testbed.serviceKey}`, 'Content-Type': 'application/json' },
          'Idempotency-Key': randomUUID(),
        },
        body: JSON.stringify({ userIds, title: 'Deployed', message: 'Version 42 is live.', type: 'success' }),
      })
      if (answer.status !== 201) throw new Error(`Notifying was answered with ${answer.status}: ${await answer.text()}`)
      await answer.arrayBuffer()
      const answeredMs = nowMs() - begun
      const newestAt = await untilHeard(() => generators.heard(peer.id), people.length)
      const micros = ((clock() - before) * 1e6) / people.length
      if (round >= 0) figures.push({ answeredMs, heardMs: newestAt - begun, micros })
    }
    return tandemRows('notifications', figures, [
      ['1,000 people: request answered, ms', ({ answeredMs }) => answeredMs],
      ['the last of them has heard, ms', ({ heardMs }) => heardMs],
      ['CPU of all processes, µs a person', ({ micros }) => micros],
    ])
  },
}

const HEARD_MS = 20_000

async function untilHeard(heard: () => Promise<{ events: number; newestAt: number }>, expected: number) {
  let events = 0
  for (const until = performance.now() + HEARD_MS; performance.now() < until; ) {
    const some = await heard()
    events += some.events
    if (events >= expected) return some.newestAt
  }
  throw new Error(`Of ${expected} people ${events} have heard.`)
}
