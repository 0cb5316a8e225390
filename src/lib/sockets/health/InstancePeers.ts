import { z } from 'zod'
import { ConnectionInfo, ConnectionsInput, HistoryPoint, Instance, type InstanceId, RoomInfo } from '@/contracts/admin'

/** What one process tells the others of itself. */
export const InstanceReport = z.object({
  instance: Instance,
  /** The points after the time that was asked for. */
  history: z.array(HistoryPoint),
  /** See peopleSet.ts: who is connected there, and who of them is away. */
  people: z.object({ here: z.string(), away: z.string() }),
})
export type InstanceReport = z.infer<typeof InstanceReport>

/** What processes ask each other. */
export const peerQuestions = {
  report: { input: z.object({ sinceMs: z.number().optional() }), answer: InstanceReport },
  /** The first `limit` and one more in the asked order behind the cursor, and how many match in all. */
  connections: {
    input: ConnectionsInput,
    answer: z.object({ connections: z.array(ConnectionInfo), total: z.int() }),
  },
  /** Those that match, the largest first, up to a bound. */
  rooms: { input: z.object({ query: z.string().optional() }), answer: z.object({ rooms: z.array(RoomInfo) }) },
  /** `by`: who wants it, for the log. */
  disconnect: { input: z.object({ id: z.string(), by: z.string() }), answer: z.object({ found: z.boolean() }) },
} as const

export type PeerQuestion = keyof typeof peerQuestions
export type PeerInput<Q extends PeerQuestion> = z.output<(typeof peerQuestions)[Q]['input']>
export type PeerAnswer<Q extends PeerQuestion> = z.output<(typeof peerQuestions)[Q]['answer']>

/** How a process answers the questions of others. */
export type PeerHandlers = { [Q in PeerQuestion]: (input: PeerInput<Q>) => PeerAnswer<Q> }

/** What the others answered, and who did not. */
export interface PeerAnswers<Q extends PeerQuestion> {
  answers: { instance: InstanceId; answer: PeerAnswer<Q> }[]
  /** Processes that were heard of within the last minute and did not answer in time. */
  silent: InstanceId[]
}

/** The other socket processes. */
export interface InstancePeers {
  /** Asks all of them; resolves within about a second, whatever state they are in, and never rejects. */
  ask<Q extends PeerQuestion>(question: Q, input: PeerInput<Q>): Promise<PeerAnswers<Q>>
  /** How many processes there are, this one included; within about a second, and never rejects. */
  count(): Promise<number>
  /** From now on they are answered, under this name. */
  serve(instance: InstanceId, handlers: PeerHandlers): void
  /** Says goodbye: a process that left is not silent. */
  leave(): void
}

/** For a process that knows of no other. */
export const alone: InstancePeers = {
  ask: async () => ({ answers: [], silent: [] }),
  count: async () => 1,
  serve: () => {},
  leave: () => {},
}
