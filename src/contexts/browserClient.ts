import { createClient } from '@/client/createClient'
import type { ClientLog } from '@/client/runtime/runtime'
import type { TandemClient, TandemClientDeps } from '@/client/TandemClient'
import { createHttpClient } from '@/client/transport/HttpClient'
import type { Permission } from '@/contracts/permissions'

/** A connection that comes and goes is a state of the page, not a fault of it: worth a line, not a warning. */
const consoleLog: ClientLog = {
  warn: (message, facts) => console.info(message, facts ?? ''),
  error: (message, facts) => console.error(message, facts ?? ''),
}

/** Browsers have workers on https and on their own machine. */
const hasWorkers = () => 'serviceWorker' in navigator
// biome-ignore lint/style/noProcessEnv: Next writes the word in when it builds
const isProduction = () => process.env.NODE_ENV === 'production'

/** What `pnpm dev` serves is not to be kept, and what a build once served at this address not to be shown in its place. */
const dropWorker = async (): Promise<void> => {
  const registration = await navigator.serviceWorker.getRegistration()
  await registration?.unregister()
}

const loadKeeper: TandemClientDeps['loadKeeper'] = async (runtime, deps) => {
  const { CopyKeeper, keepPage } = await import('@/client/offline/CopyKeeper')
  return new CopyKeeper(runtime, { ...deps, keepPage })
}

/** The client of a person who sits at this browser. */
export const createBrowserClient = (userId: string, permissions: Permission[]): TandemClient => {
  if (hasWorkers() && !isProduction()) dropWorker().catch(() => undefined)
  return createClient(userId, permissions, {
    http: createHttpClient(),
    log: consoleLog,
    loadAhead: 10,
    loadKeeper: hasWorkers() && isProduction() ? loadKeeper : undefined,
  })
}
