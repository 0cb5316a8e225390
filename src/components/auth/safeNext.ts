/** Where to go after signing in: a path on this site, never another host (`//evil`, `/\evil`). Otherwise the chat. */
export function safeNext(next: string | string[] | null | undefined, fallback = '/chat') {
  if (typeof next !== 'string' || !next.startsWith('/')) return fallback
  const here = 'http://here.invalid'
  try {
    const url = new URL(next, here)
    return url.origin === here ? `${url.pathname}${url.search}${url.hash}` : fallback
  } catch {
    return fallback
  }
}
