/** Next calls this once before it serves its first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next puts the runtime's name here when it builds for each
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { parseConfig } = await import('@/lib/env/parseConfig')
  const { watchRequests } = await import('@/server/web/watchRequests')
  // biome-ignore lint/style/noProcessEnv: this is where Next's own process begins
  watchRequests(parseConfig(process.env))
}
