import { EventEmitter } from 'node:events'
import pTimeout from 'p-timeout'
import pg from 'pg'
import type { Logger } from '@/services/shared/Logger'
import { ANNOUNCEMENTS_CHANNEL, Announcement } from './announcements'

export interface ListenerDeps {
  /** A direct connection: LISTEN does not work through a transaction pooler. */
  databaseUrl: string
  logger: Logger
}

interface ListenerEvents {
  announcement: [Announcement]
  /**
   * It listens from now on, for the first time or again. What was announced before is not repeated: `gapMs` is how long
   * that was, in milliseconds.
   */
  listening: [gapMs: number]
}

/** How long a connection attempt or a sign of life may take, in milliseconds. */
const ANSWER_TIMEOUT_MS = 3_000
/** How often the connection is asked for a sign of life, in milliseconds: a frozen server says nothing by itself. */
const PROBE_INTERVAL_MS = 5_000
const GOODBYE_MS = 500
const RETRY_FIRST_MS = 250
const RETRY_MOST_MS = 5_000

/**
 * LISTENs on a connection of its own and comes back by itself when that is lost. What was announced meanwhile is not
 * repeated: clients find it by their heads, which they ask for sooner while `isListening` is false.
 */
export class Listener extends EventEmitter<ListenerEvents> {
  private client: pg.Client | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false
  private failures = 0
  private listening = false
  private heardAt = performance.now()

  constructor(private readonly deps: ListenerDeps) {
    super()
  }

  get isListening(): boolean {
    return this.listening
  }

  /** Resolves when it listens, or after the first attempt failed (it then goes on trying). */
  async start(): Promise<void> {
    this.stopped = false
    await this.connect()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.drop()
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.deps.databaseUrl,
      application_name: 'tandem-listen',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    })
    this.client = client
    client.on('error', (error) => this.lost(client, error))
    client.on('end', () => this.lost(client, new Error('the connection was closed')))
    client.on('notification', ({ payload }) => this.receive(payload))
    try {
      await client.connect()
      await client.query(`LISTEN ${ANNOUNCEMENTS_CHANNEL}`)
      if (this.failures > 0) this.deps.logger.info('listening for changes again')
      this.failures = 0
      this.listening = true
      this.emit('listening', performance.now() - this.heardAt)
      this.heardAt = performance.now()
      this.timer = setTimeout(() => void this.probe(client), PROBE_INTERVAL_MS)
    } catch (error) {
      this.lost(client, error)
    }
  }

  private async probe(client: pg.Client): Promise<void> {
    try {
      const askedAt = performance.now()
      await client.query('SELECT 1')
      this.heardAt = askedAt
      if (client === this.client) this.timer = setTimeout(() => void this.probe(client), PROBE_INTERVAL_MS)
    } catch (error) {
      this.lost(client, error)
    }
  }

  private receive(payload: string | undefined): void {
    try {
      const announcement = Announcement.safeParse(JSON.parse(payload ?? ''))
      if (announcement.success) this.emit('announcement', announcement.data)
      // While a new version is rolled out, its processes may announce what this one does not know.
      else this.deps.logger.debug('an unknown kind of change was announced', { payload })
    } catch (error) {
      this.deps.logger.error('an announced change could not be handled', { error })
    }
  }

  /** Says so once on the way down; the way up is said by `connect`. */
  private lost(client: pg.Client, error: unknown): void {
    if (client !== this.client || this.stopped) return
    this.failures += 1
    if (this.failures === 1) this.deps.logger.warn('not listening for changes; clients will ask more often', { error })
    void this.drop()
    const delayMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (this.failures - 1))
    this.timer = setTimeout(() => void this.connect(), delayMs)
  }

  private async drop(): Promise<void> {
    const client = this.client
    this.client = undefined
    this.listening = false
    clearTimeout(this.timer)
    if (!client) return
    // A frozen server never answers a goodbye; the process's end closes what is left.
    await pTimeout(
      client.end().catch(() => {}),
      { milliseconds: GOODBYE_MS, message: false },
    )
  }
}
