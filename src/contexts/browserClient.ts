import { ChatClient } from '@/client/chat/ChatClient'
import { createClientId } from '@/client/outbox/clientId'
import { browserPage } from '@/client/transport/browserPage'
import { systemClock } from '@/client/transport/clock'
import { createHttpClient } from '@/client/transport/http'
import { createManager } from '@/client/transport/ManagerLink'
import type { ClientLog } from '@/client/transport/ports'
import { createTabChannel } from '@/client/transport/tabChannel'

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
