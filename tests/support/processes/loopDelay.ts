import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop came to what was due, in milliseconds. */
export interface LoopDelay {
  p99Ms: number
  maxMs: number
}

const resolutionMs = 10
const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
histogram.enable()

// Loaded before the socket server (`--import`): only the process itself can tell.
process.on('message', (question) => {
  if (question !== 'loop delay') return
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs)
  const delay: LoopDelay = { p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) }
  histogram.reset()
  process.send?.(delay)
})
