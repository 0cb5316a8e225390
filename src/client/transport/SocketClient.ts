import type { EventTable } from '@/contracts/command'
import type { pageContracts } from '@/contracts/events'
import type { Namespace } from '@/contracts/namespaces'
import { EventEmitter } from '../runtime/EventEmitter'
import type { Runtime } from '../runtime/runtime'
import { type CreateManager, ManagerLink } from './ManagerLink'
import { NamespaceLink } from './NamespaceLink'
import type { FetchToken } from './TokenCache'
import type { CommandLink } from './Transport'

type Contracts = typeof pageContracts
/** The live connection to `/chat`, with its events by name. */
export type ChatLink = NamespaceLink<Contracts['/chat']['events']>
/** The live connection to `/notifications`, with its events by name. */
export type NotificationsLink = NamespaceLink<Contracts['/notifications']['events']>

export interface SocketClientDeps {
  fetchToken: FetchToken
  createManager: CreateManager
}

/** The page's live connections: one Manager for each distinct url, one link for each namespace. */
export class SocketClient {
  /** The person is not signed in any more, or somebody else is. */
  readonly signedOut = new EventEmitter()
  /** The person may not be in a namespace. */
  readonly refused = new EventEmitter()
  private readonly managers = new Map<string, ManagerLink>()
  private readonly links = new Map<Namespace, CommandLink & { stop(): void }>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: SocketClientDeps,
  ) {}

  /** A new link with a namespace, in place of the one before; it connects once started. `events`: what it will hear. */
  open<Events extends EventTable>(namespace: Namespace, events: Events): NamespaceLink<Events> {
    const link = new NamespaceLink(namespace, events, this.runtime, {
      fetchToken: this.deps.fetchToken,
      managerFor: (url) => this.managerFor(url),
      signedOut: () => this.signedOut.emit(),
      refused: () => this.refused.emit(),
    })
    this.links.get(namespace)?.stop()
    this.links.set(namespace, link)
    return link
  }

  /** Undefined where nobody opened one. */
  linkOf(namespace: Namespace): CommandLink | undefined {
    return this.links.get(namespace)
  }

  stop(): void {
    for (const link of this.links.values()) link.stop()
  }

  private managerFor(url: string): ManagerLink {
    const known = this.managers.get(url)
    if (known !== undefined) return known
    const manager = new ManagerLink(url, this.runtime, this.deps.createManager)
    this.managers.set(url, manager)
    return manager
  }
}
