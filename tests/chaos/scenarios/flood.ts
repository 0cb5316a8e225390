import { randomUUID } from 'node:crypto'
import { RawClient } from '../../support/clients/RawClient'
import { insertGroup, insertPeople } from '../../support/workload/people'
import type { Stage } from './scenario'

/** Sends far more than people type, and asks nothing of the answers but that they are honest. */
export class Flood {
  sent = 0
  /** Codes of refusals that said that trying again cannot help. */
  readonly finalRefusals: string[] = []
  private readonly pending = new Set<Promise<void>>()
  private timer: ReturnType<typeof setInterval> | undefined

  private constructor(
    private readonly stage: Stage,
    private readonly clients: readonly RawClient[],
    private readonly roomId: string,
  ) {}

  static async start(stage: Stage, options: { senders: number; perSecond: number }): Promise<Flood> {
    const { world } = stage
    const people = await insertPeople(
      world.db,
      Array.from({ length: options.senders }, (_, i) => `Flood ${i}`),
    )
    const webUrl = `http://127.0.0.1:${world.proxies.web.port}`
    const clients = await Promise.all(people.map((person) => RawClient.connect(person, { webUrl })))
    const flood = new Flood(stage, clients, await insertGroup(world.db, 'Flood', people))
    const ticksPerSecond = 20
    flood.timer = setInterval(() => flood.pour(options.perSecond / ticksPerSecond), 1_000 / ticksPerSecond)
    return flood
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.pending)
    for (const client of this.clients) client.stop()
  }

  private pour(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const send = this.send().finally(() => this.pending.delete(send))
      this.pending.add(send)
    }
  }

  private async send(): Promise<void> {
    const client = this.clients[this.sent % this.clients.length]
    if (!client) return
    this.sent += 1
    const text = `flood ${this.sent} ${'.'.repeat(1_000)}`
    try {
      const reply = await client.ask('sendMessage', { roomId: this.roomId, message: text, clientId: randomUUID() })
      if (reply.ok) this.stage.crowd.keepAcknowledgement(reply.data)
      else if (!reply.error.retryable) this.finalRefusals.push(reply.error.code)
    } catch {
      // No answer is no promise.
    }
  }
}
