import { IDBFactory } from 'fake-indexeddb'
import { createHttpClient } from '@/lib/http/client'
import { ChatClient } from '@/lib/sockets/client/ChatClient'
import { createClientId } from '@/lib/sockets/client/clientId'
import { systemClock } from '@/lib/sockets/client/clock'
import { createManager } from '@/lib/sockets/client/ManagerLink'
import type { Page } from '@/lib/sockets/client/ports'
import { Signal } from '@/lib/sockets/client/Signal'
import { noChannel } from '@/lib/sockets/client/tabChannel'
import type { TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'

/** What a test does to a page's surroundings. */
export class Surroundings {
  /** False: no request reaches the web server. */
  httpWorks = true
  /** Instead of the socket server that the token names. */
  socketUrl: string | undefined
  readonly woke = new Signal()
  readonly page: Page = {
    isVisible: () => true,
    isOnline: () => true,
    onWake: this.woke.on,
    onChange: () => () => {},
  }
}

/** Opens the chat as this person's browser does, with nothing between it and the real servers. */
export const openPage = (servers: TestServers, user: TestUser, surroundings = new Surroundings()): ChatClient => {
  const doFetch: typeof fetch = async (input, init) => {
    if (!surroundings.httpWorks) throw new TypeError('fetch failed')
    const response = await fetch(input, { ...init, headers: { ...init?.headers, cookie: user.cookie } })
    const { socketUrl } = surroundings
    if (socketUrl === undefined || !String(input).includes('/session-token') || !response.ok) return response
    // The contract's answer, with another address.
    return Response.json({ ...((await response.json()) as object), url: socketUrl })
  }
  const client = new ChatClient({
    userId: user.id,
    http: createHttpClient({ baseUrl: servers.webUrl, fetch: doFetch }),
    clock: systemClock,
    random: Math.random,
    log: { warn() {}, error() {} },
    page: surroundings.page,
    createManager,
    createClientId: () => createClientId(crypto),
    localStorage: undefined,
    locks: undefined,
    channel: noChannel,
  })
  client.start()
  onTeardown(() => client.stop())
  return client
}

/** A browser's storage, empty. */
export const freshStorage = (): void => {
  globalThis.indexedDB = new IDBFactory()
}

export const textsOf = (client: ChatClient, roomId: string): string[] =>
  client.chat.conversationView(roomId).messages.map(({ message }) => message)
