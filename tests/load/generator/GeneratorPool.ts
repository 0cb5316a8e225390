import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type GuardedProcess, startGuarded } from '../../support/guardedProcess'
import type { Asked, Connected, Heard, Load, LoadAnswer, Member, Question } from './protocol'

/** Who is not root may change one in so many milliseconds. */
const AUTOGROUP_MS = 150

/** What one load did, over all generators. */
export interface LoadResult {
  /** Commands answered with `ok` in each second. */
  perSecond: number[]
  /** The same a second when the load was over, until nothing was left to answer; NaN where nothing was. */
  perSecondAfterwards: number
  /** Commands that were written while the load lasted. */
  askedInTime: number
  messages: number
  acknowledgedMs: number[]
  refused: Record<string, number>
  /** Of the busiest generator, 0 to 1. */
  busy: number
}

/** The load generators: processes among which the people of each crowd are divided. */
export class GeneratorPool {
  private readonly crowds = new Map<string, readonly Member[]>()

  private constructor(
    private readonly processes: readonly GuardedProcess<true>[],
    private readonly secret: string,
  ) {}

  static async start(script: URL, count: number, secret: string): Promise<GeneratorPool> {
    const starting = Array.from({ length: count }, () => startGuarded<true>(script, { NODE_ENV: 'production' }))
    return new GeneratorPool(await Promise.all(starting), secret)
  }

  /** Rejects when one of them ends by itself. */
  get died(): Promise<never> {
    return Promise.race(this.processes.map(({ died }) => died))
  }

  /**
   * Whether they take only what of the cores the others leave, as if they were elsewhere. Linux shares cores among sessions
   * first, and each of them has one of its own; where it does not, nothing changes.
   */
  async giveWay(on: boolean): Promise<void> {
    for (const pid of this.pids) {
      await writeFile(`/proc/${pid}/autogroup`, on ? '9' : '0').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      await delay(AUTOGROUP_MS)
    }
  }

  get pids(): number[] {
    return this.processes.map(({ pid }) => pid)
  }

  /** Resolves with how many seconds it took until all were in. Neighbours of an even place are kept together. */
  async connect(crowd: string, members: readonly Member[], namespaces: readonly string[] = ['/chat']): Promise<number> {
    const { secret } = this
    const ways = this.processes.length
    const answers = await this.each<Connected>((place) => {
      const mine = members.filter((_, i) => (i >> 1) % ways === place)
      return { type: 'connect', crowd, namespaces, members: mine, secret }
    })
    this.crowds.set(crowd, members)
    return Math.max(...answers.map(({ seconds }) => seconds))
  }

  async load(crowd: string, load: Load): Promise<LoadResult> {
    const ways = this.processes.length
    const share: Load = {
      ...load,
      ...('perSecond' in load.pace && { pace: { perSecond: load.pace.perSecond / ways } }),
      ...(load.talkers !== undefined && { talkers: Math.ceil(load.talkers / ways) }),
    }
    const answers = await this.each<LoadAnswer>(() => ({ type: 'load', crowd, load: share }))
    const refused: Record<string, number> = {}
    for (const answer of answers) {
      for (const [code, times] of Object.entries(answer.refused)) refused[code] = (refused[code] ?? 0) + times
    }
    return {
      perSecond: Array.from({ length: Math.ceil(load.seconds) }, (_, second) =>
        sum(answers.map((answer) => answer.perSecond[second] ?? 0)),
      ),
      perSecondAfterwards:
        sum(answers.map(({ afterwards }) => afterwards.commands)) /
        Math.max(...answers.map(({ afterwards }) => afterwards.seconds)),
      askedInTime: sum(answers.map(({ askedInTime }) => askedInTime)),
      messages: sum(answers.map(({ messages }) => messages)),
      acknowledgedMs: answers.flatMap(({ acknowledged }) => [...acknowledged]),
      refused,
      busy: Math.max(...answers.map(({ busy }) => busy)),
    }
  }

  /** One command of each, one after the other in each process. */
  async ask(crowd: string, namespace: string, command: string, input: (of: Member) => unknown): Promise<Asked[]> {
    const inputs = Object.fromEntries((this.crowds.get(crowd) ?? []).map((member) => [member.userId, input(member)]))
    const answers = await this.each<Asked[]>(() => ({ type: 'ask', crowd, namespace, command, inputs }))
    return answers.flat()
  }

  /** What a crowd heard since the last time; what generators say is added up. */
  async heard(crowd: string): Promise<{ events: number; deliveredMs: number[]; newestAt: number }> {
    const answers = await this.each<Heard>(() => ({ type: 'heard', crowd }))
    return {
      events: sum(answers.map(({ events }) => events)),
      deliveredMs: answers.flatMap(({ delivered }) => [...delivered]),
      newestAt: Math.max(...answers.map(({ newestAt }) => newestAt)),
    }
  }

  async disconnect(crowd: string): Promise<void> {
    this.crowds.delete(crowd)
    await this.each(() => ({ type: 'disconnect', crowd }))
  }

  async disconnectAll(): Promise<void> {
    for (const crowd of this.crowds.keys()) await this.disconnect(crowd)
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((generator) => generator.stop()))
  }

  private each<Answer>(question: (place: number) => Question): Promise<Answer[]> {
    return Promise.all(this.processes.map((generator, place) => generator.ask<Answer>(question(place))))
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
