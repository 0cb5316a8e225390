import { expect, test } from 'vitest'
import { RoomTimeline } from '@/client/chat/RoomTimeline'
import type { MessagesRead } from '@/contracts/chat'
import { pick, seeded } from '../support/random'
import { TableRoom } from './support/TableRoom'

const me = 'me'
const everyone = [me, 'ada', 'bob']
const pageSize = 5
const snapshotSize = 8

/**
 * One client and a network that delivers in any order, twice, or not at all. What the server does and what the client asks
 * for are drawn at random; answers are computed at one moment and arrive at another.
 */
class Run {
  readonly table = new TableRoom(everyone)
  readonly timeline: RoomTimeline
  private readonly inFlight: (() => void)[] = []
  private loading = false
  private syncing = false
  private readingHistory = false
  private jumping = false
  /** How often a place was shown that lies apart from the newest messages. */
  islands = 0
  private lossy = true

  /** @param isCalm - answers come soon, and nothing is loaded anew: places further back stay in sight for a while. */
  constructor(
    private readonly random: () => number,
    private readonly isCalm: boolean,
  ) {
    for (let i = 0; i < random() * 20; i += 1) this.table.send(pick(random, everyone))
    this.timeline = new RoomTimeline(me, this.table.row(me))
  }

  step(): void {
    const dice = this.random()
    while (this.isCalm && this.inFlight.length > 4) this.deliver()
    if (dice < 0.25) this.say()
    else if (dice < 0.35) this.edit()
    else if (dice < 0.45) this.read(pick(this.random, everyone))
    else if (dice < 0.5) this.load()
    else if (dice < 0.58) this.sync()
    else if (dice < 0.63) this.history()
    else if (dice < 0.66) this.readRow()
    else if (dice < 0.68 && !this.loading && !this.readingHistory && !this.isCalm) this.timeline.unload()
    else if (dice < 0.71) this.jump()
    else if (dice < 0.74) this.newer()
    else if (dice < 0.75) this.timeline.leaveIsland()
    else this.deliver()
    this.check()
  }

  /** The network works again: everything arrives, and heads are compared until they agree. */
  finish(): void {
    this.lossy = false
    while (this.inFlight.length > 0) this.deliver()
    if (!this.timeline.isLoaded) this.load()
    for (let rounds = 0; rounds < 200; rounds += 1) {
      while (this.inFlight.length > 0) this.deliver()
      if (!this.timeline.isBehind(this.table.row(me)) && !this.timeline.hasHole) return
      this.sync()
    }
    throw new Error('Catching up does not come to an end.')
  }

  private say(): void {
    const message = this.table.send(pick(this.random, everyone))
    this.travel(() => this.timeline.receive(message))
  }

  private edit(): void {
    if (this.table.lastSeq === 0) return
    const message = this.table.edit(1 + Math.floor(this.random() * this.table.lastSeq))
    this.travel(() => this.timeline.receive(message))
  }

  private read(userId: string): void {
    const read: MessagesRead | undefined = this.table.read(userId, Math.ceil(this.random() * this.table.lastSeq))
    if (read !== undefined) this.travel(() => this.timeline.receiveRead(read))
  }

  private load(): void {
    if (this.loading || (this.isCalm && this.timeline.isLoaded)) return
    this.loading = true
    this.timeline.beginLoad()
    this.ask(
      () => this.table.snapshot(me, snapshotSize),
      (data) => {
        this.loading = false
        this.timeline.adoptSnapshot(data)
      },
    )
  }

  private sync(): void {
    if (this.syncing) return
    this.syncing = true
    const { position } = this.timeline
    this.ask(
      () => this.table.sync(position, pageSize),
      (answer) => {
        this.syncing = false
        if (!('messages' in answer)) throw new Error('Nothing was restored here.')
        if (this.timeline.adoptPage(answer) === 'row') this.readRow()
        if (answer.hasMore) this.sync()
      },
    )
  }

  private readRow(): void {
    this.ask(
      () => this.table.row(me),
      (row) => {
        if (this.timeline.adoptRow(row)) this.sync()
      },
    )
  }

  private history(): void {
    if (this.readingHistory || !this.timeline.isLoaded || !this.timeline.hasOlder) return
    this.readingHistory = true
    this.timeline.beginHistory()
    const before = this.timeline.oldestSeq
    this.ask(
      () => this.table.history(before, pageSize),
      (page) => {
        this.readingHistory = false
        this.timeline.adoptHistory(page)
      },
    )
  }

  private jump(): void {
    const seq = 1 + Math.floor(this.random() * this.table.lastSeq)
    if (this.jumping || !this.timeline.isLoaded || this.timeline.showPlace(seq)) return
    this.jumping = true
    this.timeline.beginIsland()
    this.ask(
      () => this.table.historyAround(seq, pageSize),
      (page) => {
        this.jumping = false
        if (!this.timeline.adoptIsland(page)) return
        if (!this.timeline.messages.some((message) => message.seq === seq)) throw new Error(`${seq} is not shown.`)
        if (this.timeline.hasNewer) this.islands += 1
      },
    )
  }

  private newer(): void {
    if (!this.timeline.hasNewer) return
    const after = this.timeline.newestSeq
    const adopt = this.timeline.beginNewer()
    this.ask(() => this.table.historyAfter(after, pageSize), adopt)
  }

  /** A question: read at the server some time later, and back some time after that. */
  private ask<Answer>(read: () => Answer, arrive: (answer: Answer) => void): void {
    this.inFlight.push(() => {
      const answer = read()
      this.inFlight.push(() => arrive(answer))
    })
  }

  private travel(arrive: () => void): void {
    const dice = this.random()
    if (this.lossy && dice < 0.2) return
    this.inFlight.push(arrive)
    if (dice > 0.8) this.inFlight.push(arrive)
  }

  private deliver(): void {
    if (this.inFlight.length === 0) return
    // Mostly in order, as networks are.
    const index = this.random() < 0.6 ? 0 : Math.floor(this.random() * this.inFlight.length)
    this.inFlight.splice(index, 1)[0]?.()
  }

  /** Holds after every step. Plain comparisons: there are a million of them. */
  private check(): void {
    const { messages, room } = this.timeline
    for (const [i, { seq, rev }] of messages.entries()) {
      if (seq !== (messages[0]?.seq ?? 0) + i) throw new Error(`There is a hole before ${seq}.`)
      if (rev > this.table.lastRev) throw new Error(`Revision ${rev} was never made.`)
    }
    if (room.unread < 0) throw new Error('Fewer than none are unread.')
    if (unseen(this.table, me, room.lastReadSeq) < unseen(this.table, me, this.table.positionOf(me))) {
      throw new Error('More is read than the server knows of.')
    }
  }
}

test.each(Array.from({ length: 10 }, (_, block) => block * 40))(
  'a timeline ends equal to the server’s table whatever arrives late, twice, out of order or never (40 runs from %i)',
  (first) => {
    let islands = 0
    for (let seed = first; seed < first + 40; seed += 1) {
      const run = new Run(seeded(seed), seed % 2 === 0)
      for (let steps = 0; steps < 300; steps += 1) run.step()

      run.finish()

      const { table, timeline } = run
      const shown = table.all().slice(timeline.oldestSeq - 1, timeline.newestSeq)
      expect(timeline.messages, `run ${seed}`).toEqual(shown)
      islands += run.islands
      timeline.leaveIsland()
      expect(timeline.messages, `run ${seed}`).toEqual(table.all().slice(timeline.oldestSeq - 1))
      expect(timeline.messages.length).toBeGreaterThanOrEqual(Math.min(table.lastSeq, snapshotSize))
      expect(timeline.room.lastMessage).toEqual(table.all().at(-1))
      expect(timeline.room, `run ${seed}`).toMatchObject({
        lastSeq: table.lastSeq,
        lastRev: table.lastRev,
        readRev: table.readRev,
        unread: table.unreadOf(me),
      })
      for (const { id, lastReadSeq } of [...timeline.participants, { id: me, lastReadSeq: timeline.lastReadSeq }]) {
        expect(unseen(table, id, lastReadSeq), `run ${seed}, ${id}`).toBe(unseen(table, id, table.positionOf(id)))
      }
    }
    expect(islands).toBeGreaterThan(0)
  },
)

/**
 * Sending moves the sender's position without a word about it, so two positions are the same when only own messages lie
 * between them.
 */
const unseen = (table: TableRoom, userId: string, position: number): number =>
  table.all().filter(({ seq, senderId }) => seq > position && senderId !== userId).length
