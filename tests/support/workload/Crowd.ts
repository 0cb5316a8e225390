import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ChatMessage } from '@/contracts/chat'
import { waitUntil } from '../../../scripts/support/processes'
import type { Acknowledgement, Evidence, Typed, View } from '../checker/evidence'
import { readTable } from '../checker/readTable'
import { ChaosClient, type ChaosClientOptions } from '../clients/ChaosClient'
import type { World } from '../processes/World'
import { noteSecret } from '../servers/secrets'
import { waitFor } from '../waitFor'
import { insertDirectRoom, insertGroup, insertPeople, type Person } from './people'
import { oneOf, type Random } from './random'

export interface CrowdOptions {
  people: number
  /** Messages a second, of all together. */
  perSecond: number
  random: Random
}

interface ChatRoom {
  id: string
  members: ChaosClient[]
  /** Nobody types here by themselves. */
  isQuiet: boolean
  /** Whom the first member, its owner, takes in and out; they type nothing here. */
  guest?: ChaosClient | undefined
}

/** Of so many things that people do, one is reading what they see. */
const readEvery = 6
/** Likewise: an edit of something of one's own, a deletion, a reaction, and a change of a group's members. */
const shares = { edit: 0.1, remove: 0.03, react: 0.15, member: 0.05 }
const emojis = ['👍', '🎉', '😂']
const groupOf = 10
/** In every text, so that no log can hold one unnoticed. */
const canary = randomUUID()
noteSecret('the text of a message', canary)

/**
 * People in front of real clients, who type into direct rooms and groups; everything that is typed and acknowledged is
 * kept, to be held against the table in the end.
 */
export class Crowd {
  readonly clients: ChaosClient[] = []
  readonly rooms: ChatRoom[] = []
  private readonly typed: Typed[] = []
  /** By each text that it ever had. */
  private readonly typedAs = new Map<string, Typed>()
  /** Of raw clients, beside those of the people. */
  private readonly otherAcknowledgements: Acknowledgement[] = []
  private readonly otherRooms = new Set<string>()
  private timer: ReturnType<typeof setInterval> | undefined
  private saidCount = 0
  /** Beside what was said, of each kind. */
  readonly done = { edits: 0, deletions: 0, reactions: 0, membershipChanges: 0 }

  private constructor(
    private readonly world: World,
    private readonly options: CrowdOptions,
  ) {}

  /** Resolves when everyone is live. Each has a direct room with two others and is in a group. */
  static async gather(world: World, options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(world, options)
    const people = await insertPeople(
      world.db,
      Array.from({ length: options.people }, (_, i) => `Person ${i + 1}`),
    )
    const membersOf = new Map<string, Person[]>()
    const guestOf = new Map<string, Person | undefined>()
    for (const [i, person] of people.entries()) {
      const next = people[(i + 1) % people.length]
      if (next && next !== person) membersOf.set(await insertDirectRoom(world.db, person, next), [person, next])
    }
    for (let i = 0; i < people.length; i += groupOf) {
      const members = people.slice(i, i + groupOf)
      const group = await insertGroup(world.db, `Group ${i / groupOf + 1}`, members)
      membersOf.set(group, members)
      guestOf.set(group, people[i + groupOf])
    }
    const clients = new Map(people.map((person) => [person, crowd.seat(person, {})]))
    for (const [id, members] of membersOf) {
      const guest = guestOf.get(id)
      crowd.rooms.push({
        id,
        members: members.flatMap((member) => clients.get(member) ?? []),
        isQuiet: false,
        guest: guest && clients.get(guest),
      })
    }
    await crowd.untilLive(60_000)
    return crowd
  }

  /** A client for this person, on the shared network unless `options` say otherwise. */
  seat(person: Person, options: Partial<ChaosClientOptions>): ChaosClient {
    const webUrl = `http://127.0.0.1:${this.world.proxies.web.port}`
    const client = new ChaosClient(person, { webUrl, random: this.options.random, ...options })
    this.clients.push(client)
    return client
  }

  /** One more person. */
  async welcome(name: string, options: Partial<ChaosClientOptions>): Promise<ChaosClient> {
    const [person] = await insertPeople(this.world.db, [name])
    if (!person) throw new Error('Nobody was made.')
    return this.seat(person, options)
  }

  /** A group in which nobody types by themselves; resolves when its members know of it. */
  async quietRoom(members: ChaosClient[]): Promise<string> {
    const id = await insertGroup(
      this.world.db,
      'A quiet group',
      members.map(({ person }) => person),
    )
    this.rooms.push({ id, members, isQuiet: true })
    await Promise.all(members.map((member) => member.discover(id)))
    return id
  }

  /** The same for many groups, each of which has these others in it as well, who have no page. */
  async quietRooms(groups: readonly ChaosClient[][], others: readonly Person[]): Promise<string[]> {
    const ids: string[] = []
    for (const members of groups) {
      const id = await insertGroup(this.world.db, 'A quiet group', [...members.map(({ person }) => person), ...others])
      this.rooms.push({ id, members, isQuiet: true })
      ids.push(id)
    }
    for (const client of this.clients) {
      await client.discoverAll(ids.filter((_, i) => groups[i]?.includes(client)))
    }
    return ids
  }

  /** This person, whose page was closed, opens it again; what the browser kept is still there. */
  comeBack(closed: ChaosClient, options: Partial<ChaosClientOptions>): ChaosClient {
    const client = this.seat(closed.person, options)
    for (const room of this.rooms) room.members = room.members.map((member) => (member === closed ? client : member))
    return client
  }

  /** From now on people type, until `fallSilent`. */
  startTyping(): void {
    this.timer ??= setInterval(() => this.act(), 1_000 / this.options.perSecond)
  }

  fallSilent(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  async typeFor(ms: number): Promise<void> {
    this.startTyping()
    await delay(ms)
  }

  /** Types one message; its text is like no other. */
  say(client: ChaosClient, roomId: string): string {
    this.saidCount += 1
    const text = `${client.person.name} says ${this.saidCount} ${canary}`
    const typed = { senderId: client.person.id, roomId, text }
    this.typed.push(typed)
    this.typedAs.set(text, typed)
    client.type(roomId, text)
    return text
  }

  /** Another text for something of one's own that is shown, or none. */
  private change(client: ChaosClient, roomId: string, isDeletion: boolean): void {
    const own = client.recent(roomId).filter(({ senderId }) => senderId === client.person.id)
    const message = own[Math.floor(this.options.random() * own.length)]
    const typed = message && this.typedAs.get(message.message)
    // What is deleted already may still be shown.
    if (!message || !typed || typed.changed?.text === '') return
    this.saidCount += 1
    this.done[isDeletion ? 'deletions' : 'edits'] += 1
    const text = isDeletion ? '' : `${client.person.name} corrects ${this.saidCount} ${canary}`
    typed.changed = { id: message.id, text }
    if (isDeletion) {
      client.remove(message)
      return
    }
    this.typedAs.set(text, typed)
    client.edit(message, text)
  }

  /** One message past the engine, by HTTP: the socket server has to be told of it. */
  async sayOverHttp(client: ChaosClient, roomId: string): Promise<ChatMessage> {
    this.saidCount += 1
    const response = await fetch(`http://127.0.0.1:${this.world.web.port}/api/chat/messages`, {
      method: 'POST',
      headers: { cookie: client.person.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ roomId, message: `over HTTP ${this.saidCount} ${canary}`, clientId: randomUUID() }),
    })
    const message = ChatMessage.parse(await response.json())
    this.keepAcknowledgement(message)
    return message
  }

  /** Keeps what a client without an engine was told; its room is held against the table, too. */
  keepAcknowledgement(acknowledgement: Acknowledgement): void {
    this.otherRooms.add(acknowledgement.roomId)
    this.otherAcknowledgements.push(acknowledgement)
  }

  /** People who have not got a live connection right now. */
  get notLive(): ChaosClient[] {
    const isLive = ({ connection: { state } }: ChaosClient) => state === 'connected' || state === 'polling'
    return this.open.filter((client) => !isLive(client))
  }

  /** Sends that somebody was shown as failed, ever. */
  get shownAsFailed(): string[] {
    return this.clients.flatMap((client) => client.shownAsFailed)
  }

  /** Messages that wait on all pages. */
  get queued(): number {
    return this.open.reduce((sum, client) => sum + client.connection.queued, 0)
  }

  /** Resolves when everyone is live, with how long that took. */
  async untilLive(timeoutMs: number): Promise<number> {
    const since = Date.now()
    const states = () => this.notLive.map(({ person, connection }) => `${person.name} ${connection.state}`)
    await waitFor(() => this.notLive.length === 0, {
      timeoutMs,
      what: () => `everyone to be live: ${states().slice(0, 5).join(', ')} (${states().length} in all)`,
    })
    return Date.now() - since
  }

  /** Resolves when everything that waits right now has been sent, with how long that took. */
  async untilFlushed(timeoutMs: number): Promise<number> {
    const since = Date.now()
    const waiting = this.open.flatMap((client) => client.waiting.map((clientId) => ({ client, clientId })))
    const isSent = () => waiting.every(({ client, clientId }) => !client.waiting.includes(clientId))
    await waitFor(isSent, { timeoutMs, what: 'everything that waits to be sent' })
    return Date.now() - since
  }

  /** Resolves when nothing waits and every page has every room's head; what is wrong after `timeoutMs` the checker finds. */
  async settle(timeoutMs: number): Promise<void> {
    this.fallSilent()
    await waitUntil(async () => this.queued === 0 && (await this.isCurrent()), { timeoutMs, everyMs: 250 })
  }

  /** What everyone was told and sees, with all of each room's history loaded. */
  async evidence(): Promise<Evidence> {
    const roomIds = [...this.rooms.map((room) => room.id), ...this.otherRooms]
    const table = await readTable(this.world.db, roomIds)
    const isIn = ({ person }: ChaosClient, roomId: string) =>
      table.participants.some((one) => one.roomId === roomId && one.userId === person.id)
    const views = await Promise.all(
      this.open.map(async (client): Promise<View[]> => {
        const own: View[] = []
        for (const { id } of this.rooms.filter((room) => room.members.includes(client) || isIn(client, room.id))) {
          const messages = await client.history(id)
          own.push({
            who: client.person.name,
            userId: client.person.id,
            roomId: id,
            messages,
            unread: client.room(id)?.unread ?? Number.NaN,
            members: client.shownMembers(id),
          })
        }
        return own
      }),
    )
    return {
      table,
      typed: this.typed,
      acknowledgements: [...this.otherAcknowledgements, ...this.clients.flatMap((client) => client.acknowledgements)],
      views: views.flat(),
      strangers: this.rooms.flatMap(({ id, guest }) =>
        guest?.room(id) && !isIn(guest, id) ? [`${guest.person.name} sees ${id}, of which they were taken out`] : [],
      ),
    }
  }

  /** Everyone closes their page. */
  disperse(): void {
    this.fallSilent()
    for (const client of this.clients) client.close()
  }

  private get open(): ChaosClient[] {
    return this.clients.filter((client) => !client.isClosed)
  }

  private act(): void {
    const { random } = this.options
    const room = oneOf(
      random,
      this.rooms.filter(({ isQuiet }) => !isQuiet),
    )
    const client = oneOf(random, room.members)
    this.say(client, room.id)
    if (random() * readEvery < 1) client.readAll(room.id)
    if (random() < shares.edit) this.change(client, room.id, false)
    if (random() < shares.remove) this.change(client, room.id, true)
    const [shown] = client.recent(room.id)
    if (shown && random() < shares.react) {
      this.done.reactions += 1
      client.react(shown, oneOf(random, emojis))
    }
    if (random() < shares.member) this.changeMembers()
  }

  /** Somebody is taken into a group, or out of it. */
  private changeMembers(): void {
    const { random } = this.options
    const groups = this.rooms.filter(({ guest }) => guest)
    const group = groups[Math.floor(random() * groups.length)]
    const [owner] = group?.members ?? []
    if (!group?.guest || !owner) return
    const { person } = group.guest
    this.done.membershipChanges += 1
    void owner.setMember(group.id, person, !owner.shownMembers(group.id).includes(person.id))
  }

  private async isCurrent(): Promise<boolean> {
    const { rows } = await this.world.db.query<{ id: string; lastRev: number; readRev: number; members: string[] }>(
      `SELECT id, last_rev AS "lastRev", read_rev AS "readRev",
         ARRAY(SELECT user_id FROM participants WHERE room_id = rooms.id ORDER BY user_id) AS members
       FROM rooms WHERE id = ANY ($1)`,
      [this.rooms.map((room) => room.id)],
    )
    const heads = new Map(rows.map((row) => [row.id, row]))
    return this.rooms.every(({ id, members }) => {
      const head = heads.get(id)
      return members.every((client) => {
        const shown = client.room(id)
        // Who came is asked for a moment later; of what was never opened none are known.
        const known = client.shownMembers(id).sort().join()
        const hasMembers = known === '' || known === head?.members.sort().join()
        return shown?.lastRev === head?.lastRev && shown?.readRev === head?.readRev && hasMembers
      })
    })
  }
}
