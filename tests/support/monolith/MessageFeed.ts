import pg from 'pg'
import type { Server } from 'socket.io'

export interface OldMessage {
  id: string
  chatId: string
  senderId: string
  content: string
  createdAt: Date
}

const RETRY_MS = 1_000
const PROBE_MS = 30_000
const ANSWER_MS = 20_000

/**
 * Tells the monolith's sockets what was committed to its table, whichever side wrote it. A notification says only that a chat
 * has something new; what that is, is read from the table after the last one told, so that a notification which is lost, or
 * comes twice, changes nothing.
 */
export class MessageFeed {
  /** Of each chat, when the newest message that was told was written, to the microsecond. Undefined: not started. */
  private told: Map<string, string> | undefined
  /** One look at a time. */
  private work: Promise<void> = Promise.resolve()
  private client: pg.Client | undefined
  private isStopped = false

  constructor(
    private readonly io: Server,
    private readonly databaseUrl: string,
  ) {}

  /** Resolves when it listens: what is committed from then on is told. */
  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl, keepAlive: true, query_timeout: ANSWER_MS })
    this.client = client
    client.on('error', () => {}) // 'end' follows
    client.on('end', () => this.startAgain())
    await client.connect()
    await client.query(`SET timezone = 'UTC'`) // what columns of the type `timestamp` are held in
    this.told ??= await newestOfEach(client)
    client.on('notification', ({ payload }) => this.look(client, () => this.tell(client, payload ?? '')))
    await client.query('LISTEN monolith')
    // What came before it listened, or while it did not.
    this.look(client, async () => {
      for (const [chatId, time] of await newestOfEach(client)) {
        if (this.told?.get(chatId) !== time) await this.tell(client, chatId)
      }
    })
    // A connection may be dead without a word.
    const probe = setInterval(() => this.look(client, () => client.query('SELECT 1')), PROBE_MS)
    client.on('end', () => clearInterval(probe))
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.work
    await this.client?.end()
  }

  private startAgain(): void {
    if (this.isStopped) return
    setTimeout(() => {
      if (!this.isStopped) this.start().catch(() => this.client?.end()) // its 'end' tries again
    }, RETRY_MS)
  }

  /** A look that fails is made again with the next connection. */
  private look(client: pg.Client, work: () => Promise<unknown>): void {
    this.work = this.work.then(work).then(
      () => {},
      () => void client.end(),
    )
  }

  private async tell(client: pg.Client, chatId: string): Promise<void> {
    const { rows } = await client.query<OldMessage & { time: string }>(
      `SELECT id, chat_id AS "chatId", sender_id AS "senderId", content, created_at::timestamptz AS "createdAt",
         created_at::text AS time
       FROM monolith.messages WHERE chat_id = $1 AND created_at > $2::timestamptz ORDER BY created_at`,
      [chatId, this.told?.get(chatId) ?? '-infinity'],
    )
    for (const { time, ...message } of rows) {
      this.io.local.to(`chat_${chatId}`).emit('new_message', message)
      this.told?.set(chatId, time)
    }
  }
}

async function newestOfEach(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ chat_id: string; time: string }>(
    'SELECT chat_id, max(created_at)::text AS time FROM monolith.messages GROUP BY chat_id',
  )
  return new Map(rows.map(({ chat_id, time }) => [chat_id, time]))
}
