/**
 * Where to go after signing in: a path on this site as a browser reads it, never another host (`//evil`, `/\evil`, and
 * `/.//evil`, whose path is `//evil` once its dots are resolved). Otherwise the chat.
 */
export function safeNext(next: string | string[] | null | undefined, fallback = '/chat') {
  if (typeof next !== 'string' || !next.startsWith('/')) return fallback
  const here = 'http://here.invalid'
  try {
    const url = new URL(next, here)
    const path = `${url.pathname}${url.search}${url.hash}`
    return url.origin === here && !path.startsWith('//') ? path : fallback
  } catch {
    return fallback
  }
}
