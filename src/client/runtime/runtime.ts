import type { Clock, Random } from './clock'
import { EventEmitter } from './EventEmitter'

/** What is worth a line in the console. Never tokens or message text. */
export interface ClientLog {
  warn(message: string, facts?: Record<string, unknown>): void
  error(message: string, facts?: Record<string, unknown>): void
}

/** What the engine needs to know of the page it runs in. */
export interface Page {
  isVisible(): boolean
  /** Nobody has touched it for five minutes. Absent where nobody can. */
  isIdle?(): boolean
  /** The browser's own opinion; false is a hint, true says little. */
  isOnline(): boolean
  /** Becomes visible or focused, is restored, or the network returns. The answer stops listening. */
  onWake(listener: () => void): () => void
  /** `isOnline` or `isVisible` may have changed. */
  onChange(listener: () => void): () => void
}

/** What `ping` says of this connection (CONTRACT, *Bounds*): the tab is hidden, or nobody is at it. */
export const isAway = (page: Page): boolean => !page.isVisible() || page.isIdle?.() === true

/** What the engine is given of the browser: a test gives its own. */
export interface Surroundings {
  clock: Clock
  random: Random
  log: ClientLog
  page: Page
}

/** What every part of the engine runs on. */
export interface Runtime extends Surroundings {
  /** The network is back, the page is shown, or the server answers: whatever waits for a back-off is tried now. */
  wake: EventEmitter
  /** Aborted when the page is left. Timers of `clock` and listeners of `page` end with it, and so do all loops. */
  signal: AbortSignal
}

/**
 * What the parts of one client run on, until `stop`: it aborts `signal`, and with it every timer, listener and loop.
 */
export const createRuntime = ({ clock, page, ...rest }: Surroundings): Runtime & { stop(): void } => {
  const life = new AbortController()
  const { signal } = life
  /** What ends with the page. One listener for all of them: there are as many as there are timers. */
  const endings = new Set<() => void>()
  signal.addEventListener('abort', () => {
    for (const end of endings) end()
  })
  /** Calls `off` at the latest when the page is left; the answer calls it now. */
  const untilStopped = (off: () => void) => {
    const end = () => {
      if (endings.delete(end)) off()
    }
    endings.add(end)
    return end
  }
  return {
    ...rest,
    signal,
    wake: new EventEmitter(),
    stop: () => life.abort(),
    clock: {
      now: () => clock.now(),
      after(ms, run) {
        if (signal.aborted) return () => {}
        const cancel = clock.after(ms, () => {
          end()
          run()
        })
        const end = untilStopped(cancel)
        return end
      },
    },
    page: {
      isVisible: () => page.isVisible(),
      isIdle: () => page.isIdle?.() ?? false,
      isOnline: () => page.isOnline(),
      onWake: (listener) => untilStopped(page.onWake(listener)),
      onChange: (listener) => untilStopped(page.onChange(listener)),
    },
  }
}
