import pLimit from 'p-limit'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { guard } from '../../support/guardedProcess'
import { Client } from './Client'
import { runLoad } from './load'
import { type Asked, type Connected, type Heard, type Member, nowMs, type Question } from './protocol'

/** Handshakes under way: few enough that no server sends anybody away. */
const AT_ONCE = 25

/** One in so many receipts is timed. */
const TIMED = 7 // odd: of two who hear each message, every second one is its sender

interface Person extends Member {
  client: Client
}

/** The people of one peer. */
class Crowd {
  private events = 0
  private newestAt = 0
  private delivered: number[] = []

  private constructor(readonly people: readonly Person[]) {
    for (const person of people) person.client.onEvent = (_, text) => this.hear(text, person)
  }

  static async connect(question: Extract<Question, { type: 'connect' }>): Promise<[Crowd, Connected]> {
    const { members, namespaces, secret } = question
    const tokens = createSessionTokens(onlyKey(secret))
    // A ticket each, before the clock runs: signing them is not the server's work.
    const tickets = members.map((member) =>
      namespaces.map((namespace) => tokens.issue(member, audience(namespace)).token),
    )
    const begun = performance.now()
    const limit = pLimit(AT_ONCE)
    const people = await Promise.all(
      members.map((member, i) =>
        limit(async () => {
          const client = await Client.open(member.url)
          // Both namespaces at once, as the page asks for them.
          await Promise.all(
            namespaces.map((namespace, n) =>
              client.join(namespace, { token: tickets[i]?.[n], userId: member.userId, rooms: [member.roomId] }),
            ),
          )
          return { ...member, client }
        }),
      ),
    )
    return [new Crowd(people), { seconds: (performance.now() - begun) / 1_000 }]
  }

  /** What was heard since the last time. */
  heard(): Heard {
    const heard = { events: this.events, newestAt: this.newestAt, delivered: Float32Array.from(this.delivered) }
    this.events = 0
    this.delivered = []
    return heard
  }

  private hear(text: string, { userId }: Person): void {
    if (!text.startsWith('["receiveMessage"') && !text.startsWith('["newNotification"')) return
    this.events += 1
    this.newestAt = nowMs()
    if (this.events % TIMED !== 0) return
    const sentAt = /"message":"@([\d.]+) (\S+) /.exec(text)
    if (sentAt && sentAt[2] !== userId) this.delivered.push(this.newestAt - Number(sentAt[1]))
  }
}

const audience = (namespace: string) => (namespace === '/notifications' ? '/notifications' : '/chat')

// A process of its own: what the load costs is nobody else's time.
await guard<true>(async () => {
  const crowds = new Map<string, Crowd>()
  const crowdOf = ({ crowd }: { crowd: string }) => {
    const found = crowds.get(crowd)
    if (!found) throw new Error(`Nobody is connected to ${crowd}.`)
    return found
  }
  const answer = async (question: Question): Promise<unknown> => {
    switch (question.type) {
      case 'connect': {
        const [crowd, connected] = await Crowd.connect(question)
        crowds.set(question.crowd, crowd)
        return connected
      }
      case 'load':
        return await runLoad(crowdOf(question).people, question.load)
      case 'ask':
        return await askAll(crowdOf(question).people, question)
      case 'heard':
        return crowdOf(question).heard()
      case 'disconnect':
        for (const { client } of crowdOf(question).people) client.close()
        crowds.delete(question.crowd)
        return undefined
    }
  }
  return {
    ready: true,
    answer: (question) => answer(question as Question), // GeneratorPool.ts asks nothing else
    stop: async () => {},
  }
})

/** Everybody, one after the other; resolves with the answers and how long each took, in milliseconds. */
async function askAll(people: readonly Person[], question: Extract<Question, { type: 'ask' }>): Promise<Asked[]> {
  const answers: Asked[] = []
  for (const { client, userId } of people) {
    const packet = JSON.stringify([question.command, question.inputs[userId]])
    const begun = performance.now()
    const text = await new Promise<string>((resolve, reject) =>
      client.ask(question.namespace, packet, (ok, text) => (ok ? resolve(text) : reject(new Error(text)))),
    )
    answers.push({ ms: performance.now() - begun, text })
  }
  return answers
}
