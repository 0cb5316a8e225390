import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** How often the event loop is looked at, and how long one window lasts, in milliseconds. */
const RESOLUTION_MS = 10
const WINDOW_MS = 10_000

/** How long the event loop kept what was due waiting, over the last whole window of ten seconds. */
export class EventLoopWatch {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  private timer: ReturnType<typeof setInterval> | undefined
  private window: ReadonlyMap<number, number> | undefined

  start(): void {
    this.histogram.enable()
    this.timer = setInterval(() => this.turn(), WINDOW_MS)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.histogram.disable()
  }

  /** @param percentile - 50 or 99; of the window under way while none is complete. In milliseconds. */
  delayMs(percentile: 50 | 99): number {
    return this.window?.get(percentile) ?? this.read(percentile)
  }

  private turn(): void {
    this.window = new Map([50, 99].map((percentile) => [percentile, this.read(percentile)]))
    this.histogram.reset()
  }

  private read(percentile: number): number {
    // What Node measures is the time between two looks: the delay is what exceeds the interval.
    const delayMs = this.histogram.percentile(percentile) / 1e6 - RESOLUTION_MS
    return Math.max(0, Math.round(delayMs * 100) / 100)
  }
}
