/** What is counted together, in milliseconds. */
const WINDOW_MS = 1_000
/** How often the same line is written in a window; more of them say nothing new, and writing them is dear. */
const MOST_TIMES = 100

/** So that a flood of failures is a few lines and a number: the process has something better to do just then. */
export class RepeatedLines {
  private readonly times = new Map<string, number>()
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `tellLeftOut` hears, after each window, which lines were left out and how often. */
  constructor(private readonly tellLeftOut: (line: string, times: number) => void) {}

  /** Whether this one is to be written. */
  admits(line: string): boolean {
    const times = (this.times.get(line) ?? 0) + 1
    this.times.set(line, times)
    this.timer ??= setTimeout(() => this.end(), WINDOW_MS).unref()
    return times <= MOST_TIMES
  }

  /** Ends the window: tells what has not been told yet. */
  end(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const leftOut = [...this.times].filter(([, times]) => times > MOST_TIMES)
    this.times.clear()
    for (const [line, times] of leftOut) this.tellLeftOut(line, times - MOST_TIMES)
  }
}
