import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ChatMessage } from '@/contracts/chat'
import { waitUntil } from '../../../scripts/support/processes'
import { RawClient } from '../../support/clients/RawClient'
import { insertGroup, insertPeople } from '../../support/workload/people'
import { oneOf } from '../../support/workload/random'
import { type Measures, seconds } from './Measures'
import { percentile } from './percentile'
import type { Stage } from './scenario'

/** One message; times are in milliseconds after it was sent. */
interface Said {
  sentAt: number
  /** The instance it was sent to; undefined over HTTP. */
  instance: number | undefined
  ackMs: number | undefined
  failure: string | undefined
  /** When each instance's listener heard it. */
  heardMs: (number | undefined)[]
}

/** A message every so many milliseconds in one room, or as many as `atOnce` hands can send in a hundred. */
export type Pace = { everyMs: number } | { atOnce: number }

export const fullLoad: Pace = { atOnce: 40 }
const loadedRooms = 100
const membersOf = 4

/**
 * One person on each instance, without an engine that would catch up: what they do not hear live they never hear. They
 * speak in turn, every fifth time over HTTP, and keep when each heard what.
 */
export class CrossTalk {
  private readonly said = new Map<string, Said>()
  private readonly pending = new Set<Promise<void>>()
  private over = false
  private talking: Promise<unknown> | undefined
  private endedAt = Number.POSITIVE_INFINITY
  private heardTwice = 0

  private constructor(
    private readonly stage: Stage,
    private readonly clients: readonly RawClient[],
    private readonly roomIds: readonly string[],
  ) {
    for (const [instance, client] of clients.entries()) {
      client.onMessage(({ clientId }) => {
        const said = this.said.get(clientId)
        if (said?.heardMs[instance] !== undefined) this.heardTwice += 1
        else if (said) said.heardMs[instance] = performance.now() - said.sentAt
      })
    }
  }

  static async start(stage: Stage, pace: Pace): Promise<CrossTalk> {
    const { world, crowd } = stage
    const people = await insertPeople(
      world.db,
      world.sockets.map((_, i) => `Speaker ${i + 1}`),
    )
    const roomIds =
      'everyMs' in pace
        ? [await insertGroup(world.db, 'Cross talk', people)]
        : await crowd.quietRooms(crossing(crowd.clients), people)
    const webUrl = `http://127.0.0.1:${world.web.port}`
    const clients = await Promise.all(
      people.map((person, i) =>
        RawClient.connect(person, { webUrl, socketUrl: `http://127.0.0.1:${world.sockets[i]?.port}` }),
      ),
    )
    const talk = new CrossTalk(stage, clients, roomIds)
    talk.talking = 'everyMs' in pace ? talk.talkEvery(pace.everyMs) : talk.talkAlways(pace.atOnce)
    return talk
  }

  /** How many messages there are so far. */
  get count(): number {
    return this.said.size
  }

  /** Resolves when everyone has heard everything, or after `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    this.over = true
    this.endedAt = performance.now()
    await this.talking
    await Promise.all(this.pending)
    await waitUntil(() => this.unheard([...this.said.values()]).length === 0, { timeoutMs })
    for (const client of this.clients) client.stop()
  }

  /**
   * Holds what was said from `since` to `until` (as `performance.now()` tells) against what is promised while Redis is
   * away: sends go on, on the same instance they are heard, and the others hear everything within `remoteMs`.
   */
  measure(measures: Measures, when: string, since: number, until: number, remoteMs: number): void {
    const all = [...this.said.values()].filter(({ sentAt }) => sentAt >= since && sentAt < until)
    const acks = all.flatMap(({ instance, ackMs }) => (instance === undefined ? [] : (ackMs ?? [])))
    const times = (isLocal: boolean) =>
      all.flatMap(({ instance, heardMs }) =>
        heardMs.flatMap((ms, i) => ((i === instance) === isLocal ? (ms ?? []) : [])),
      )
    measures.none(`sends refused ${when}`, this.failures(all))
    measures.none(`of ${all.length} messages ${when} not heard on every instance`, this.unheard(all))
    measures.within(`p99 of sends ${when}`, percentile(acks, 0.99), 1_000)
    measures.within(`p99 on the same instance`, percentile(times(true), 0.99), 1_000)
    const remote = times(false)
    measures.note(`elsewhere p50 ${seconds(percentile(remote, 0.5))}, p99 ${seconds(percentile(remote, 0.99))}`)
    measures.within('at most', percentile(remote, 1), remoteMs)
    measures.note(`${this.heardTwice} heard twice`)
    const perSecond = all.length / ((Math.min(until, this.endedAt) - since) / 1_000)
    measures.note(`${Math.round(perSecond)} messages a second`)
  }

  private failures(all: readonly Said[]): string[] {
    return all.flatMap(({ failure }) => failure ?? [])
  }

  private unheard(all: readonly Said[]): string[] {
    return all.flatMap(({ heardMs, instance, failure, sentAt }) =>
      failure === undefined && heardMs.includes(undefined)
        ? [`one sent to ${instance ?? 'HTTP'} at ${Math.round(sentAt)}, heard after ${heardMs.join(' and ')} ms`]
        : [],
    )
  }

  private async talkEvery(everyMs: number): Promise<void> {
    for (let n = 0; !this.over; n += 1) {
      const send = this.send(n).finally(() => this.pending.delete(send))
      this.pending.add(send)
      await delay(everyMs)
    }
  }

  /** Each hand sends the next as soon as the one before is answered. */
  private async talkAlways(atOnce: number): Promise<unknown> {
    let n = 0
    const hand = async () => {
      while (!this.over) {
        await this.send(n++)
      }
    }
    return await Promise.all(Array.from({ length: atOnce }, hand))
  }

  private async send(n: number): Promise<void> {
    const client = this.clients[n % this.clients.length]
    if (!client) return
    const isOverHttp = n % 5 === 4
    const message = {
      roomId: oneOf(this.stage.random, this.roomIds),
      message: `cross talk ${n}`,
      clientId: randomUUID(),
    }
    const said: Said = {
      sentAt: performance.now(),
      instance: isOverHttp ? undefined : n % this.clients.length,
      ackMs: undefined,
      failure: undefined,
      heardMs: this.clients.map(() => undefined),
    }
    this.said.set(message.clientId, said)
    try {
      const stored = isOverHttp
        ? ChatMessage.parse((await client.http('POST', '/api/chat/messages', message)).body)
        : await client.asked('sendMessage', message)
      said.ackMs = performance.now() - said.sentAt
      this.stage.crowd.keepAcknowledgement(stored)
    } catch (error) {
      said.failure = error instanceof Error ? error.message : String(error)
    }
  }
}

/** Members of the rooms, so mixed that the rooms differ. */
const crossing = <Member>(people: readonly Member[]): Member[][] =>
  Array.from({ length: loadedRooms }, (_, i) =>
    Array.from({ length: membersOf }, (_, n) => people[(i * 7 + n * 13) % people.length]).flatMap(
      (person) => person ?? [],
    ),
  )
