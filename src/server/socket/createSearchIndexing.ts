import type { SearchIndex } from '@/services/chat/ports'
import type { Logger } from '@/services/shared/Logger'
import type { Subsystem } from './subsystems'

/** Rooms of which one step writes words down. */
const ROOMS_AT_ONCE = 200
/** How long new messages are gathered: each step costs as much as several sends, however few it writes down. */
const GATHER_MS = 500
/** Of the time it runs the database gets so many times as much for others, and this at least: who sends comes first. */
const REST = 4
const LEAST_REST_MS = 100
const OTHERS_TURN_MS = 500
const AFTER_FAILURE_MS = 5_000
/** How often all rooms are looked through for what nobody told of. */
const LOOK_MS = 10 * 60_000

export interface SearchIndexing extends Subsystem {
  /** There are new messages in these rooms, or some were edited. Never throws. */
  note(roomIds: readonly string[]): void
}

/**
 * Has the words of messages written down a moment after they were sent, so that nobody waits for it who sends. What is
 * missing is read from the database itself when the process starts and now and then, so that nothing is forgotten with a
 * process that dies. Of several processes one does it at a time.
 */
export function createSearchIndexing(index: SearchIndex, logger: Logger, lookMs = LOOK_MS): SearchIndexing {
  const dirty = new Set<string>()
  let mayHaveEdits = false
  /** The last room that was looked at; null: all were, until it is time again. */
  let looking: string | null = ''
  let lookAgainAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let running: Promise<void> | undefined
  let stopped = false

  const schedule = (ms: number) => {
    const at = performance.now() + ms
    if (stopped || running || at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY
      running = run().then((restMs) => {
        running = undefined
        schedule(restMs)
      })
    }, ms)
  }

  /** Resolves to when to go on, in milliseconds. */
  const run = async (): Promise<number> => {
    const began = performance.now()
    const taken: string[] = []
    try {
      if (looking === null && began >= lookAgainAt) looking = ''
      if (looking !== null && dirty.size < ROOMS_AT_ONCE) {
        const found = await index.behind(looking)
        looking = found.last
        lookAgainAt = began + lookMs
        for (const roomId of found.roomIds) dirty.add(roomId)
      }
      for (const roomId of [...dirty].slice(0, ROOMS_AT_ONCE)) {
        dirty.delete(roomId)
        taken.push(roomId)
      }
      mayHaveEdits = false
      const done = await index.advance(taken)
      for (const roomId of done?.unfinished ?? taken) dirty.add(roomId)
      if (done === null) return OTHERS_TURN_MS * (1 + Math.random())
      mayHaveEdits ||= done.hasMoreEdits
    } catch (error) {
      logger.warn('messages could not be made known to the search; it is tried again', { error })
      for (const roomId of taken) dirty.add(roomId)
      return AFTER_FAILURE_MS
    }
    const restMs = Math.max(LEAST_REST_MS, REST * (performance.now() - began))
    if (looking !== null) return restMs
    return dirty.size > 0 || mayHaveEdits ? Math.max(GATHER_MS, restMs) : lookAgainAt - performance.now()
  }

  return {
    note(roomIds) {
      for (const roomId of roomIds) dirty.add(roomId)
      mayHaveEdits = true
      schedule(GATHER_MS)
    },
    start() {
      schedule(0)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
