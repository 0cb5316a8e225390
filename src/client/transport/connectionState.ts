import { AppError } from '@/contracts/errors'
import { AccountChanged, isSignedOut } from '../runtime/errors'

/** What the page says of its connection (requirements 001, stage 5; DESIGN: live → polling → HTTP → offline). */
export type ConnectionState =
  | 'connecting' // the first attempt is under way
  | 'connected' // WebSocket
  | 'polling' // Socket.IO over long polling
  | 'reconnecting' // was live, trying again; not yet given up on the socket
  | 'http' // no socket; commands and changes travel over HTTP
  | 'offline' // nothing works; sends wait in the queue
  | 'error' // refused for good until something changes (signed out, forbidden)

/** Why there is no connection: the way there, who one is, or the server. */
export interface ConnectionProblem {
  category: 'network' | 'auth' | 'server'
  /** A sentence for the person. */
  message: string
}

/** After so many failed attempts, or so long, the state shown gives the socket up; behind it the attempts go on (OS-1). */
export const SHOWN_ATTEMPTS = 5
/** See SHOWN_ATTEMPTS; milliseconds. */
export const SHOWN_DOWN_MS = 20_000

/** All that the state shown is made of. */
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

/** Category and sentence for the person. */
export const problemOf = (error: unknown): ConnectionProblem => {
  if (isSignedOut(error) || error instanceof AccountChanged) return { category: 'auth', message: error.message }
  if (error instanceof AppError) {
    return error.code === 'FORBIDDEN'
      ? { category: 'auth', message: 'This account may not use the live connection.' }
      : { category: 'server', message: error.message }
  }
  return { category: 'network', message: 'The live connection cannot be reached. Trying again.' }
}

/** What the page says of its connection. */
export const connectionState = (facts: ConnectionFacts): ConnectionState => {
  if (facts.connected) return facts.transport === 'polling' ? 'polling' : 'connected'
  if (facts.problem !== undefined && problemOf(facts.problem).category === 'auth') return 'error'
  if (!facts.online && facts.httpAnswers !== true) return 'offline'
  if (facts.failures < SHOWN_ATTEMPTS && facts.downForMs < SHOWN_DOWN_MS) {
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
  return problem === undefined ? undefined : problemOf(problem)
}
