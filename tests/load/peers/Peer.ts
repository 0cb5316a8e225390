/** Whom the bench measures side by side. */
export const peerNames = ['bare', 'before', 'tandem'] as const
export type PeerName = (typeof peerNames)[number]

/** What a peer's script says when it is ready. */
export interface PeerReady {
  port: number
}

/** A server that runs, with people who may connect to it. */
export interface Peer {
  name: PeerName
  /** What tells its crowds from others': several of one name run side by side. */
  id: string
  /** One for each instance. */
  urls: readonly string[]
  pids: readonly number[]
  /** The Redis between its instances, if there is one. */
  redisPid?: number
  /** What its people are in; undefined where nothing is stored. */
  databaseUrl: string | undefined
  /** Resident bytes of all instances together, garbage collected. */
  heldBytes(): Promise<number>
  stop(): Promise<void>
}
