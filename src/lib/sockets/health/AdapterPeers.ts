import { randomUUID } from 'node:crypto'
import pTimeout from 'p-timeout'
import { z } from 'zod'
import { InstanceId } from '@/contracts/admin'
import type { Logger } from '@/services/shared/Logger'
import type { SocketServer } from '../core/sockets'
import {
  type InstancePeers,
  type PeerAnswer,
  type PeerAnswers,
  type PeerHandlers,
  type PeerInput,
  type PeerQuestion,
  peerQuestions,
} from './InstancePeers'

/** How long the others may take, in milliseconds. */
const ANSWER_MS = 1_000
/** How long a process that does not answer is remembered, in milliseconds. */
const REMEMBER_MS = 60_000

const ASK = 'tandem:ask'
const ANSWER = 'tandem:answer'
const BYE = 'tandem:bye'

const questionNames = Object.keys(peerQuestions) as [PeerQuestion, ...PeerQuestion[]] // Object.keys forgets the names
const Asked = z.object({ id: z.string(), from: InstanceId, question: z.enum(questionNames), input: z.unknown() })
const Answered = z.object({ id: z.string(), from: InstanceId, answer: z.unknown() })
const Bye = z.object({ from: InstanceId })

export interface AdapterPeersDeps {
  io: SocketServer
  /** Whether the adapter's bus works now; while it does not, nobody is asked. */
  isUp: () => boolean
  logger: Logger
}

interface OpenQuestion {
  onAnswer(from: InstanceId, answer: unknown): void
}

/**
 * The other processes over Socket.IO's cluster adapter. Not its own acknowledgements: those wait for every subscriber and
 * then reject, while here one that hangs costs a second and the others' answers count. The root namespace carries it,
 * since every process has that one, whichever namespaces it serves.
 */
export class AdapterPeers implements InstancePeers {
  private self: InstanceId | undefined
  private readonly open = new Map<string, OpenQuestion>()
  /** When each other process was last heard of. */
  private readonly heardAt = new Map<InstanceId, number>()

  constructor(private readonly deps: AdapterPeersDeps) {}

  serve(instance: InstanceId, handlers: PeerHandlers): void {
    this.self = instance
    const { io } = this.deps
    io.on(ASK, (message: unknown) => {
      const asked = Asked.safeParse(message)
      if (!asked.success || asked.data.from === instance) return
      const { id, from, question, input } = asked.data
      this.heardAt.set(from, Date.now())
      const answer = this.answerOf(handlers, question, input)
      if (answer !== undefined) this.send(ANSWER, { id, from: instance, answer })
    })
    io.on(ANSWER, (message: unknown) => {
      const answered = Answered.safeParse(message)
      if (!answered.success) return
      this.heardAt.set(answered.data.from, Date.now())
      this.open.get(answered.data.id)?.onAnswer(answered.data.from, answered.data.answer)
    })
    io.on(BYE, (message: unknown) => {
      const bye = Bye.safeParse(message)
      if (bye.success) this.heardAt.delete(bye.data.from)
    })
  }

  async ask<Q extends PeerQuestion>(question: Q, input: PeerInput<Q>): Promise<PeerAnswers<Q>> {
    const answers: PeerAnswers<Q>['answers'] = []
    if (this.self !== undefined && this.deps.isUp()) await this.collect(this.self, question, input, answers)
    const answered = new Set(answers.map(({ instance }) => instance))
    return { answers, silent: this.remembered().filter((instance) => !answered.has(instance)) }
  }

  async count(): Promise<number> {
    if (!this.deps.isUp()) return 1
    const others = await pTimeout(this.countOthers(), { milliseconds: ANSWER_MS, fallback: () => 0 })
    return Number.isFinite(others) ? 1 + others : 1
  }

  leave(): void {
    if (this.self !== undefined) this.send(BYE, { from: this.self })
  }

  /** Resolves when everybody has answered, or the time is up. */
  private collect<Q extends PeerQuestion>(
    self: InstanceId,
    question: Q,
    input: PeerInput<Q>,
    answers: PeerAnswers<Q>['answers'],
  ): Promise<void> {
    const id = randomUUID()
    return new Promise((resolve) => {
      let others = Number.POSITIVE_INFINITY
      const done = () => {
        clearTimeout(timer)
        this.open.delete(id)
        resolve()
      }
      const timer = setTimeout(done, ANSWER_MS)
      this.open.set(id, {
        onAnswer: (instance, raw) => {
          const answer = peerQuestions[question].answer.safeParse(raw)
          // Another version's answer, during a rollout, may not be understood: then that one is silent.
          // The table's own schema of that question parsed it; its type is lost in the union of all.
          if (answer.success) answers.push({ instance, answer: answer.data as PeerAnswer<Q> })
          if (answers.length >= others) done()
        },
      })
      this.send(ASK, { id, from: self, question, input })
      void this.countOthers().then((count) => {
        others = count
        if (answers.length >= others) done()
      })
    })
  }

  /** How many other processes the bus knows; unlimited when it does not say, so that the time decides. */
  private async countOthers(): Promise<number> {
    try {
      return (await this.deps.io.of('/').adapter.serverCount()) - 1
    } catch {
      return Number.POSITIVE_INFINITY
    }
  }

  private answerOf<Q extends PeerQuestion>(handlers: PeerHandlers, question: Q, raw: unknown): unknown {
    try {
      // As above: parsed by this question's own schema.
      const input = peerQuestions[question].input.parse(raw) as PeerInput<Q>
      return handlers[question](input)
    } catch (error) {
      this.deps.logger.warn('the question of another instance could not be answered', { error, question })
      return undefined
    }
  }

  private send(event: string, message: object): void {
    if (!this.deps.isUp()) return
    try {
      this.deps.io.serverSideEmit(event, message)
    } catch (error) {
      this.deps.logger.warn('the other instances could not be reached', { error })
    }
  }

  private remembered(): InstanceId[] {
    const oldest = Date.now() - REMEMBER_MS
    for (const [instance, at] of this.heardAt) if (at < oldest) this.heardAt.delete(instance)
    return [...this.heardAt.keys()]
  }
}
