/**
 * Aborts the work when its time is up, or with `signal`, of which nothing is left afterwards (as `AbortSignal.any` would), and
 * rejects then also where the work goes on: what waits in somebody's queue may not hear of it. What the work has come to by
 * then, and resolves to at once, stands.
 */
export async function within<T>(ms: number, signal: AbortSignal, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => setTimeout(reject, 0, limit.signal.reason), { once: true })
  })
  const end = () => limit.abort(signal.reason)
  signal.addEventListener('abort', end, { once: true })
  const timer = setTimeout(() => limit.abort(new Error(`There was no answer within ${ms / 1_000} s.`)), ms)
  if (signal.aborted) end()
  try {
    return await Promise.race([ended, work(limit.signal)])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
