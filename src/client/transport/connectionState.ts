import type { ConnectionProblem, ConnectionState } from '../chat/view'
import { isSignedOut, problemOf } from './errors'
import { AccountChanged } from './sessionTokens'

/** After so many failed attempts, or so long, the state shown gives the socket up; behind it the attempts go on (OS-1). */
export const shownAttempts = 5
export const shownDownMs = 20_000

export interface ConnectionFacts {
  connected: boolean
  transport: string | undefined
  everConnected: boolean
  /** Failed attempts since it was last connected. */
  failures: number
  /** Since when there is no connection, in milliseconds; 0 while connected. */
  downForMs: number
  problem: unknown
  /** Whether our HTTP API answered the last request; undefined before the first answer or failure. */
  httpAnswers: boolean | undefined
  /** The browser's opinion. */
  online: boolean
}

const isRefused = (problem: unknown): boolean =>
  isSignedOut(problem) || problem instanceof AccountChanged || problemOf(problem).category === 'auth'

/** What the page says of its connection. */
export const connectionState = (facts: ConnectionFacts): ConnectionState => {
  if (facts.connected) return facts.transport === 'polling' ? 'polling' : 'connected'
  if (facts.problem !== undefined && isRefused(facts.problem)) return 'error'
  if (!facts.online && facts.httpAnswers !== true) return 'offline'
  if (facts.failures < shownAttempts && facts.downForMs < shownDownMs) {
    return facts.everConnected ? 'reconnecting' : 'connecting'
  }
  return facts.httpAnswers === false ? 'offline' : 'http'
}

/** The sentence that goes with the state; nothing to say while it is live or still trying for the first time. */
export const connectionProblem = (state: ConnectionState, problem: unknown): ConnectionProblem | undefined => {
  if (state === 'connected' || state === 'polling') return undefined
  if (state === 'offline') {
    return { category: 'network', message: 'There is no connection. Messages wait here and go out by themselves.' }
  }
  if (problem === undefined) return undefined
  return problem instanceof AccountChanged ? { category: 'auth', message: problem.message } : problemOf(problem)
}
