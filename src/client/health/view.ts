import type * as z from 'zod/mini'
import type {
  CanaryReport,
  ConnectionsInput,
  ConnectionsPage,
  HistoryPoint,
  MetricsSnapshot,
  SocketRoomsInput,
  SocketRoomsPage,
} from '@/contracts/admin'

/** How far the figures can be trusted. */
export type HealthState =
  | 'connecting' // no figures yet
  | 'live' // the newest are at most `LATE_AFTER_MS` old
  | 'late' // connected, but updates stay out
  | 'polling' // the live connection is away; the figures come over HTTP, every 10 s
  | 'reconnecting' // the connection is lost; the figures are the last ones
  | 'refused' // this account may not see them, or nobody serves them

/** The figures, how they come, and why they do not. */
export interface HealthView {
  state: HealthState
  /** Why there is nothing newer, as a sentence; with `polling`, `reconnecting` and `refused`. */
  problem: string | undefined
  /** The newest figures; undefined before the first. */
  snapshot: Omit<MetricsSnapshot, 'history'> | undefined
  /** The last 15 minutes, oldest first. */
  history: readonly HistoryPoint[]
  /** When `snapshot` came, by this page's clock, in milliseconds. */
  receivedAt: number | undefined
}

/** When the canary passed each station, in milliseconds after it was sent; `receivedMs` by this page's clock. */
export interface CanaryTimes extends CanaryReport {
  receivedMs: number
}

/** @throws AppError when the server said no, NoAnswer when it did not answer in time; so do all of them. */
export interface HealthActions {
  connections(input: z.input<typeof ConnectionsInput>): Promise<ConnectionsPage>
  rooms(input: z.input<typeof SocketRoomsInput>): Promise<SocketRoomsPage>
  /** Closes a connection, wherever it is. @throws AppError NOT_FOUND when it has ended already. */
  disconnect(id: string): Promise<{ instance: string }>
  /** The round trip to the instance that answers, in milliseconds. */
  probe(): Promise<{ roundTripMs: number; instance: string }>
  /** From the command to the event that it makes the server send, in milliseconds. */
  echo(text: string): Promise<{ text: string; arrivedMs: number }>
  /** Sends a message through the real path; `onReport` hears of the server's stations before it is received. */
  canary(onReport: (report: CanaryReport) => void): Promise<CanaryTimes>
}
