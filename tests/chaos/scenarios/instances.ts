import { waitFor } from '../../support/waitFor'
import { CrossTalk, fullLoad } from './CrossTalk'
import type { Scenario } from './scenario'

const messages = 20_000

export const instancesLoad: Scenario = {
  name: 'instances-load',
  fault: `two instances, 100 rooms, ${messages.toLocaleString('en')} messages from both and over HTTP`,
  world: 'linked',
  people: 50,
  limitMs: 300_000,
  async run(stage) {
    const { measures } = stage
    const since = performance.now()
    const talk = await CrossTalk.start(stage, fullLoad)
    await waitFor(() => talk.count >= messages, { timeoutMs: 270_000, everyMs: 20 })
    await talk.stop(15_000)
    talk.measure(measures, 'in all', since, performance.now(), 12_000)
  },
}

export const withoutRedis: Scenario = {
  name: 'without-redis',
  fault: 'two instances without any Redis',
  world: 'unlinked',
  people: 50,
  limitMs: 90_000,
  async run(stage) {
    const { crowd, measures } = stage
    const talk = await CrossTalk.start(stage, { everyMs: 25 })
    const since = performance.now()
    await crowd.typeFor(20_000)
    await talk.stop(15_000)
    talk.measure(measures, 'in all', since, performance.now(), 12_000)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}
