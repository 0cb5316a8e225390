import { randomUUID } from 'node:crypto'
import { ChatMessage } from '@/contracts/chat'
import { waitUntil } from '../../../scripts/support/processes'
import { RawClient } from '../clients/RawClient'
import { inParallel } from '../rounds/inParallel'
import { insertPeople } from '../workload/people'
import { oneOf } from '../workload/random'
import { CrossTalk } from './CrossTalk'
import type { Scenario } from './scenario'

const messages = 20_000
const rooms = 100
const membersOf = 4
const atOnce = 40

export const instancesLoad: Scenario = {
  name: 'instances-load',
  fault: `two instances, ${rooms} rooms, ${messages.toLocaleString('en')} messages from both and over HTTP`,
  world: 'linked',
  people: 50,
  limitMs: 300_000,
  async run({ world, crowd, measures, random }) {
    const members = Array.from({ length: rooms }, (_, i) =>
      Array.from({ length: membersOf }, (_, n) => crowd.clients[(i * 7 + n * 13) % crowd.clients.length]).flatMap(
        (client) => client ?? [],
      ),
    )
    const speakers = await insertPeople(world.db, ['First', 'Second'])
    const roomIds = await crowd.quietRooms(members, speakers)
    const webUrl = `http://127.0.0.1:${world.webPort}`
    const clients = await Promise.all(
      speakers.map((person, i) =>
        RawClient.connect(person, { webUrl, socketUrl: `http://127.0.0.1:${world.sockets[i]?.port}` }),
      ),
    )
    const heard = clients.map((client) => {
      const ids: string[] = []
      client.onMessage(({ id }) => void ids.push(id))
      return ids
    })
    const refused: string[] = []
    const since = Date.now()
    await inParallel(messages, atOnce, async (n) => {
      const client = clients[n % clients.length]
      if (!client) return
      const message = { roomId: oneOf(random, roomIds), message: `message ${n}`, clientId: randomUUID() }
      try {
        const stored =
          n % 10 === 9
            ? ChatMessage.parse((await client.http('POST', '/api/chat/messages', message)).body)
            : await client.asked('sendMessage', message)
        crowd.keepAcknowledgement(stored)
      } catch (error) {
        refused.push(String(error))
      }
    })
    const tookMs = Date.now() - since
    measures.note(`${Math.round(messages / (tookMs / 1_000))} messages a second`)
    measures.none('refused', refused)
    const isHeard = () => heard.every((ids) => new Set(ids).size >= messages)
    await waitUntil(isHeard, { timeoutMs: 15_000 })
    for (const [i, ids] of heard.entries()) {
      const different = new Set(ids).size
      measures.must(`${different} heard live on instance ${i + 1}`, different === messages)
      measures.note(`${ids.length - different} of them twice`)
    }
    for (const client of clients) client.stop()
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
    const talk = await CrossTalk.start(stage, 25)
    const since = performance.now()
    await crowd.typeFor(20_000)
    await talk.stop(15_000)
    talk.measure(measures, 'in all', since, performance.now(), 12_000)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}
