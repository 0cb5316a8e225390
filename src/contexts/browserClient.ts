import { createHttpClient } from '@/lib/http/client'
import { browserPage } from '@/lib/sockets/client/browserPage'
import { ChatClient } from '@/lib/sockets/client/ChatClient'
import { createClientId } from '@/lib/sockets/client/clientId'
import { systemClock } from '@/lib/sockets/client/clock'
import { createManager } from '@/lib/sockets/client/ManagerLink'
import type { ClientLog } from '@/lib/sockets/client/ports'
import { createTabChannel } from '@/lib/sockets/client/tabChannel'

/** A connection that comes and goes is a state of the page, not a fault of it: worth a line, not a warning. */
const consoleLog: ClientLog = {
  warn: (message, facts) => console.info(message, facts ?? ''),
  error: (message, facts) => console.error(message, facts ?? ''),
}

/** The client of a person who sits at this browser. */
export const createBrowserClient = (userId: string): ChatClient =>
  new ChatClient({
    userId,
    http: createHttpClient(),
    clock: systemClock,
    random: Math.random,
    log: consoleLog,
    page: browserPage(window),
    createManager,
    localStorage: localStorageOf(window),
    createClientId: () => createClientId(crypto),
    // Missing where the page is served over plain http, whatever the types say.
    locks: 'locks' in navigator ? navigator.locks : undefined,
    channel: createTabChannel(userId),
  })

/** Undefined where the browser refuses even to be asked. */
function localStorageOf(page: Window): Storage | undefined {
  try {
    return page.localStorage
  } catch {
    return undefined
  }
}
