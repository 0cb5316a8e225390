/** What load generators are asked, and what they answer. */

/** One connection. */
export interface Member {
  url: string
  userId: string
  /** Blank where nobody signs in. */
  sessionId: string
  /** The room that this person talks in. */
  roomId: string
}

/** How hard, how long, and with what. */
export interface Load {
  /** `inFlight`: each person keeps so many commands unanswered. `perSecond`: so many in all, on average, answered or not. */
  pace: { inFlight: number } | { perSecond: number }
  seconds: number
  /** The names of commands, one after the other; each person goes round. */
  mix: readonly string[]
  /** So many of the members, the first ones, say something; all by default. */
  talkers?: number
}

export type Question =
  | { type: 'connect'; crowd: string; namespaces: readonly string[]; members: readonly Member[]; secret: string }
  | { type: 'load'; crowd: string; load: Load }
  /** One command of each, one after the other; inputs by user id. */
  | { type: 'ask'; crowd: string; namespace: string; command: string; inputs: Record<string, unknown> }
  | { type: 'heard'; crowd: string }
  | { type: 'disconnect'; crowd: string }

export interface Connected {
  /** From the first attempt to the last success. */
  seconds: number
}

export interface Asked {
  ms: number
  /** The answer as it came. */
  text: string
}

/** Times are in milliseconds. */
export interface LoadAnswer {
  /** Answered with `ok` while the load lasted, by second. */
  perSecond: number[]
  /** Answered with `ok` when it was over, and how long that took. */
  afterwards: { commands: number; seconds: number }
  /** Commands that were written while the load lasted. */
  askedInTime: number
  /** Messages that were acknowledged, then or later. */
  messages: number
  /** From sending a message to its acknowledgement. */
  acknowledged: Float32Array
  /** Refusals by code; `unanswered` beside them. */
  refused: Record<string, number>
  /** How much of the time this process was busy, 0 to 1. */
  busy: number
}

export interface Heard {
  /** Of `newNotification` and `receiveMessage`. */
  events: number
  /** From sending a message to somebody else's receipt, of one in seven. */
  delivered: Float32Array
  /** When the newest event came, by the clock that all processes of a machine share. */
  newestAt: number
}

/** Milliseconds by a clock that all processes of a machine share. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6
