import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../../../scripts/support/processes'
import { RawClient } from '../../support/clients/RawClient'
import { insertGroup, insertPeople } from '../../support/workload/people'
import type { Stage } from './scenario'

/** One send, and what became of it. */
interface Answer {
  atMs: number
  tookMs: number
  ok: boolean
  code: string | undefined
  retryable: boolean | undefined
}

/** Sends over a socket of its own every so often, each once, and keeps the answers. */
export class Probe {
  readonly answers: Answer[] = []
  private readonly pending = new Set<Promise<void>>()
  private over = false
  private sending: Promise<void> | undefined

  private constructor(
    private readonly stage: Stage,
    private readonly client: RawClient,
    private readonly roomId: string,
  ) {}

  static async start(stage: Stage, everyMs: number): Promise<Probe> {
    const { world } = stage
    const [person] = await insertPeople(world.db, ['Probe'])
    if (!person) throw new Error('Nobody was made.')
    const roomId = await insertGroup(world.db, 'Probe', [person])
    const client = await RawClient.connect(person, { webUrl: `http://127.0.0.1:${world.proxies.web.port}` })
    const probe = new Probe(stage, client, roomId)
    probe.sending = probe.sendEvery(everyMs)
    return probe
  }

  /** Resolves with when the first send that was begun after `since` was stored. */
  async firstStoredAfter(since: number, timeoutMs: number): Promise<number> {
    const first = () => this.answers.find((answer) => answer.ok && answer.atMs >= since)
    await waitUntil(() => first() !== undefined, { timeoutMs })
    const stored = first()
    return stored ? stored.atMs + stored.tookMs : Number.POSITIVE_INFINITY
  }

  async stop(): Promise<void> {
    this.over = true
    await this.sending
    await Promise.all(this.pending)
    this.client.stop()
  }

  private async sendEvery(everyMs: number): Promise<void> {
    while (!this.over) {
      const send = this.send().finally(() => this.pending.delete(send))
      this.pending.add(send)
      await delay(everyMs)
    }
  }

  private async send(): Promise<void> {
    const atMs = Date.now()
    const message = { roomId: this.roomId, message: `probe ${this.answers.length}`, clientId: randomUUID() }
    try {
      const reply = await this.client.ask('sendMessage', message)
      if (reply.ok) this.stage.crowd.keepAcknowledgement(reply.data)
      const error = reply.ok ? undefined : reply.error
      this.answers.push({
        atMs,
        tookMs: Date.now() - atMs,
        ok: reply.ok,
        code: error?.code,
        retryable: error?.retryable,
      })
    } catch {
      this.answers.push({ atMs, tookMs: Date.now() - atMs, ok: false, code: 'no answer', retryable: undefined })
    }
  }
}
