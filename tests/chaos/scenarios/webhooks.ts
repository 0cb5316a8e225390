import { setTimeout as delay } from 'node:timers/promises'
import type { World } from '../../support/processes/World'
import { waitFor } from '../../support/waitFor'
import { Receiver } from '../../support/webhooks/Receiver'
import type { Crowd } from '../../support/workload/Crowd'
import { oneOf, type Random } from '../../support/workload/random'
import { seconds } from './Measures'
import type { Scenario } from './scenario'

const messages = 2_000
/** Of the second webhook's server, in milliseconds. */
const downMs = 60_000
const killsEveryMs = { least: 3_000, most: 12_000 }
/** How often somebody writes past their page. */
const overHttpEveryMs = 200
/** A room that was refused waits for some seconds, and longer each time. */
const deliveredWithinMs = 900_000

export const webhooksKilled: Scenario = {
  name: 'webhooks-killed',
  fault: `kill -9 of each instance and the HTTP API in turn during ${messages.toLocaleString('en')} messages, one webhook fails half of the time meanwhile, one is down for ${seconds(downMs)}`,
  world: 'unlinked',
  isLong: true,
  people: 100,
  limitMs: 300_000 + deliveredWithinMs,
  async run({ world, crowd, measures, random, onEnd }) {
    const backAt = Date.now() + downMs
    let isMoody = true
    const subscribers = [
      await Subscriber.start('the one that fails half of the time', () => !isMoody || random() < 0.5),
      await Subscriber.start('the one that was down', () => Date.now() > backAt),
    ]
    for (const { receiver } of subscribers) {
      onEnd(() => receiver.stop())
      onEnd(await register(world, receiver.url))
    }
    const stored = () => storedMessages(world, crowd)

    crowd.startTyping()
    const writers = new AbortController()
    onEnd(() => writers.abort())
    const written = writeOverHttp(crowd, random, writers.signal)
    let kills = 0
    while ((await stored()).size < messages) {
      for (const victim of [...world.sockets, world.web]) {
        const { least, most } = killsEveryMs
        await delay(least + random() * (most - least))
        await victim.end('SIGKILL')
        kills += 1
        await delay(random() * 1_000)
        await victim.start()
      }
    }
    writers.abort()
    crowd.fallSilent()
    const { answered, unanswered } = await written
    await crowd.untilLive(60_000)
    await crowd.untilFlushed(60_000)
    measures.must(`${kills} kills`, kills > 0)
    measures.must(`${answered} messages over HTTP, ${unanswered} without an answer`, answered > 0)

    // Waits that double each time, once for every second try: without an end to it the last would come in hours.
    isMoody = false
    const table = await stored()
    const since = Date.now()
    for (const subscriber of subscribers) {
      const { name, accepted, receiver } = subscriber
      const missing = () => [...table.keys()].filter((id) => !accepted.has(id))
      await waitFor(() => missing().length === 0, {
        timeoutMs: deliveredWithinMs,
        everyMs: 1_000,
        what: () => `${missing().length} of ${table.size} events to be taken by ${name}`,
      })
      measures.note(`${receiver.received.length} requests to ${name}`)
      measures.none(
        `events of messages that were not stored, at ${name}`,
        receiver.received.map(({ data }) => String(data.id)).filter((id) => !table.has(id)),
      )
      measures.none(`events before an earlier one of their room was taken by ${name}`, subscriber.overtaking(table))
      measures.none(
        `events with more than one id at ${name}`,
        [...accepted].flatMap(([message, ids]) => (ids.size > 1 ? [message] : [])),
      )
    }
    measures.note(`all delivered ${seconds(Date.now() - since)} after the last message`)
  },
}

/** Somebody writes past their page, until it is told to end; what is not answered may be stored all the same. */
async function writeOverHttp(crowd: Crowd, random: Random, signal: AbortSignal) {
  const count = { answered: 0, unanswered: 0 }
  while (!signal.aborted) {
    const room = oneOf(random, crowd.rooms)
    await crowd.sayOverHttp(oneOf(random, room.members), room.id).then(
      () => (count.answered += 1),
      () => (count.unanswered += 1),
    )
    await delay(overHttpEveryMs)
  }
  return count
}

/** Resolves to what removes it again. */
async function register(world: World, url: string): Promise<() => Promise<void>> {
  const address = `http://127.0.0.1:${world.web.port}/api/webhooks`
  const headers = { authorization: `Bearer ${world.serviceKey}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ url, events: ['message.created'] })
  const response = await fetch(address, { method: 'POST', headers, body })
  const { id } = (await response.json()) as { id?: string } // looked at below
  if (!id) throw new Error(`The webhook was answered with ${response.status}.`)
  return async () => void (await fetch(`${address}/${id}`, { method: 'DELETE', headers }))
}

/** What people wrote, by id: how many messages of its room come before it. */
async function storedMessages(world: World, { rooms }: Crowd): Promise<Map<string, number>> {
  const { rows } = await world.db.query<{ id: string; before: number }>(
    `SELECT id, (row_number() OVER (PARTITION BY room_id ORDER BY seq))::int - 1 AS before
     FROM messages WHERE room_id = ANY ($1) AND system IS NULL`,
    [rooms.map(({ id }) => id)],
  )
  return new Map(rows.map(({ id, before }) => [id, before]))
}

/** Somebody's server, which takes an event when `isWilling`. */
class Subscriber {
  /** By message, the ids under which it was taken. */
  readonly accepted = new Map<string, Set<string>>()
  /** By room, how many of its messages were taken. */
  private readonly taken = new Map<string, number>()
  /** Each message that came, with how many of its room had been taken by then. */
  private readonly arrived: { message: string; takenBefore: number }[] = []

  private constructor(
    readonly name: string,
    readonly receiver: Receiver,
    isWilling: () => boolean,
  ) {
    receiver.answer = ({ id, data }, response) => {
      const [message, roomId] = [String(data.id), String(data.roomId)]
      const takenBefore = this.taken.get(roomId) ?? 0
      this.arrived.push({ message, takenBefore })
      if (!isWilling()) {
        response.writeHead(500).end()
        return
      }
      const ids = this.accepted.get(message)
      if (!ids) this.taken.set(roomId, takenBefore + 1)
      this.accepted.set(message, new Set([...(ids ?? []), id]))
      response.writeHead(204).end()
    }
  }

  static async start(name: string, isWilling: () => boolean): Promise<Subscriber> {
    return new Subscriber(name, await Receiver.start(), isWilling)
  }

  /** Messages that came before an earlier one of their room had been taken. */
  overtaking(before: ReadonlyMap<string, number>): string[] {
    return this.arrived
      .filter(({ message, takenBefore }) => takenBefore < (before.get(message) ?? 0))
      .map(({ message }) => message)
  }
}
