import type { Permission } from '@/contracts/permissions'
import { createClientId } from './outbox/clientId'
import { createTabChannel, noChannel } from './outbox/tabChannel'
import { browserPage } from './runtime/browserPage'
import { systemClock } from './runtime/clock'
import { createLocalText } from './runtime/localText'
import type { ClientLog, Page } from './runtime/runtime'
import { TandemClient, type TandemClientDeps } from './TandemClient'
import { createManager } from './transport/ManagerLink'

/** What differs between those who use the engine. */
export interface ClientOptions extends Pick<TandemClientDeps, 'http' | 'loadAhead' | 'loadKeeper'> {
  /** Default: nothing is said. */
  log?: ClientLog
}

const silent: ClientLog = { warn() {}, error() {} }

/** Where there is no page, somebody is always there. */
const noPage: Page = { isVisible: () => true, isOnline: () => true, onWake: () => () => {}, onChange: () => () => {} }

/** The client of a person, in a browser or in Node; to be started once. */
export function createClient(userId: string, permissions: readonly Permission[], options: ClientOptions): TandemClient {
  const isPage = typeof window !== 'undefined'
  return new TandemClient({
    log: silent,
    ...options,
    userId,
    permissions,
    clock: systemClock,
    random: Math.random,
    page: isPage ? browserPage(window) : noPage,
    createManager,
    localText: createLocalText(),
    createClientId: () => createClientId(crypto),
    // Missing where the page is served over plain http, whatever the types say.
    locks: isPage && 'locks' in navigator ? navigator.locks : undefined,
    channel: isPage ? createTabChannel(userId) : noChannel,
  })
}
