import type { Page } from '@playwright/test'

/** What a page's main thread did while it drew frames; times in milliseconds, one number a frame. */
export interface FrameCosts {
  /** From the frame's begin to the next one's begin: how long tasks ran. */
  busyMs: number[]
  /** The same in processor time: without the waiting for a processor that others use. */
  cpuMs: number[]
}

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds, like the following. */
  ts: number
  dur?: number
  tdur?: number
}

const categories = [
  'blink.user_timing',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'devtools.timeline.frame',
  'disabled-by-default-devtools.timeline.frame',
]
const marks = { begin: 'recording begins', end: 'recording ends' }

/** Records what the page's main thread does during `action`, by the browser's own tracing. */
export async function recordFrames(page: Page, action: () => Promise<unknown>): Promise<FrameCosts> {
  const browser = page.context().browser()
  if (!browser) throw new Error('The page belongs to no browser.')
  const mark = (name: string) => page.evaluate((text) => void performance.mark(text), name)
  await browser.startTracing(page, { categories, screenshots: false })
  await mark(marks.begin)
  await action()
  await mark(marks.end)
  const { traceEvents } = JSON.parse(String(await browser.stopTracing()))
  return costsOf(traceEvents)
}

/** A task belongs to the frame during which it ends: a frame begins inside the task that draws it. */
function costsOf(events: readonly TraceEvent[]): FrameCosts {
  const begin = events.find(({ name }) => name === marks.begin)
  const end = events.find(({ name }) => name === marks.end)
  if (!begin || !end) throw new Error('The recording lacks its marks.')
  const own = events
    .filter(({ pid, tid, ts }) => pid === begin.pid && tid === begin.tid && ts >= begin.ts && ts <= end.ts)
    .toSorted((a, b) => a.ts - b.ts)
  const frames = own.filter(({ name }) => name === 'BeginMainThreadFrame')
  if (frames.length < 2) throw new Error('The recording has no frames.')
  const tasks = own
    .filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
    .map(({ ts, dur = 0, tdur = 0 }) => ({ endsAt: ts + dur, dur, tdur }))
  const costs = frames.slice(0, -1).map(({ ts }, i) => {
    const until = frames[i + 1]?.ts ?? ts
    const during = tasks.filter(({ endsAt }) => endsAt >= ts && endsAt < until)
    return { busy: sum(during.map(({ dur }) => dur)), cpu: sum(during.map(({ tdur }) => tdur)) }
  })
  return { busyMs: costs.map(({ busy }) => busy / 1_000), cpuMs: costs.map(({ cpu }) => cpu / 1_000) }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** One line: how many frames, what they cost, and how many cost more than a frame's time or a visible hitch. */
export function describeFrames({ busyMs, cpuMs }: FrameCosts): string {
  const over = (limitMs: number) => busyMs.filter((ms) => ms > limitMs).length
  const within = ((1 - over(16) / busyMs.length) * 100).toFixed(1)
  return `${busyMs.length} frames, main thread ${spread(busyMs)} (processor time ${spread(cpuMs)}); ${within} % within 16 ms, ${over(50)} over 50 ms`
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  return `median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)} ms`
}
