import { IDBFactory } from 'fake-indexeddb'
import type { ConversationView } from '@/client/chat/view'
import { createClientId } from '@/client/outbox/clientId'
import { noChannel } from '@/client/outbox/tabChannel'
import { systemClock } from '@/client/runtime/clock'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { createLocalText } from '@/client/runtime/localText'
import type { Page } from '@/client/runtime/runtime'
import { TandemClient } from '@/client/TandemClient'
import { createHttpClient } from '@/client/transport/HttpClient'
import { createManager } from '@/client/transport/ManagerLink'
import { permissions } from '@/contracts/permissions'
import { holdToContract } from '../../support/servers/eventContract'
import type { TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

type Passing = 'request' | 'answer'

/** Something on its way between page and web server that a test lets go on when it likes. */
class Hold {
  isCaught = false
  private readonly released = new EventEmitter()
  readonly release = (): void => this.released.emit()

  constructor(
    readonly what: Passing,
    readonly path: string,
  ) {}

  untilReleased(): Promise<void> {
    this.isCaught = true
    return new Promise((resolve) => this.released.on(resolve))
  }
}

/** What a test does to a page's surroundings. */
export class Surroundings {
  /** False: no request reaches the web server. */
  httpWorks = true
  /** Instead of the socket server that the token names. */
  socketUrl: string | undefined
  isVisible = true
  readonly woke = new EventEmitter()
  private readonly holds = new Set<Hold>()
  readonly page: Page = {
    isVisible: () => this.isVisible,
    isOnline: () => true,
    onWake: this.woke.on,
    onChange: () => () => {},
  }

  /** Keeps the next request to an address with `path` in it from the server, or its answer from the page. */
  hold(what: Passing, path: string): Hold {
    const hold = new Hold(what, path)
    this.holds.add(hold)
    return hold
  }

  /** Resolves when this request or answer may go on. */
  async pass(what: Passing, address: string): Promise<void> {
    const hold = [...this.holds].find((known) => known.what === what && address.includes(known.path))
    if (hold === undefined) return
    this.holds.delete(hold)
    await hold.untilReleased()
  }
}

/** Opens the chat as this person's browser does, with nothing between it and the real servers. */
export const openPage = (servers: TestServers, user: TestUser, surroundings = new Surroundings()): TandemClient => {
  const doFetch: typeof fetch = async (input, init) => {
    if (!surroundings.httpWorks) throw new TypeError('fetch failed')
    await surroundings.pass('request', String(input))
    const response = await fetch(input, { ...init, headers: { ...init?.headers, cookie: user.cookie } })
    await surroundings.pass('answer', String(input))
    const { socketUrl } = surroundings
    if (socketUrl === undefined || !String(input).includes('/session-token') || !response.ok) return response
    // The contract's answer, with another address.
    return Response.json({ ...((await response.json()) as object), url: socketUrl })
  }
  const client = new TandemClient({
    userId: user.id,
    permissions,
    http: createHttpClient({ baseUrl: servers.webUrl, fetch: doFetch }),
    clock: systemClock,
    random: Math.random,
    log: { warn() {}, error() {} },
    page: surroundings.page,
    createManager: (url, options) => holdToContract(createManager(url, options)),
    createClientId: () => createClientId(crypto),
    localText: createLocalText(() => undefined),
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

/** Where no socket server is: all goes over HTTP then. */
export const nobodyListens = 'http://127.0.0.1:1'

export const untilLive = (...pages: TandemClient[]): Promise<unknown> =>
  waitFor(() => pages.every((page) => page.connection.getSnapshot().state === 'connected'))

export const viewOf = (page: TandemClient, roomId: string): ConversationView =>
  page.chat.conversation(roomId).getSnapshot()

export const textsOf = (page: TandemClient, roomId: string): string[] =>
  viewOf(page, roomId).messages.map(({ message }) => message)
