import { pageContracts } from '@/contracts/events'
import type { Namespace } from '@/contracts/namespaces'
import type { Clock, Random } from './clock'
import { type CreateManager, ManagerLink } from './ManagerLink'
import { type NamespaceContract, NamespaceLink } from './NamespaceLink'
import type { ClientLog } from './ports'
import { Signal } from './Signal'
import type { FetchToken } from './sessionTokens'

type Contracts = typeof pageContracts

export type ChatLink = NamespaceLink<Contracts['/chat']>
export type NotificationsLink = NamespaceLink<Contracts['/notifications']>
export interface SocketClientDeps {
  clock: Clock
  random: Random
  log: ClientLog
  fetchToken: FetchToken
  createManager: CreateManager
}

/** The page's live connections: one Manager for each distinct url, one link for each namespace. */
export class SocketClient {
  /** The person is not signed in any more, or somebody else is. */
  readonly signedOut = new Signal()
  private readonly managers = new Map<string, ManagerLink>()
  private readonly namespaces = new Map<Namespace, { stop(): void; retryNow(): void }>()

  constructor(private readonly deps: SocketClientDeps) {}

  /** The link of a namespace; it connects once started. */
  namespace<Name extends keyof Contracts>(name: Name): NamespaceLink<Contracts[Name]> {
    return this.link(name, pageContracts[name])
  }

  /** The link of a namespace that not every page speaks with; the page that does brings its contract. */
  link<Contract extends NamespaceContract>(name: Namespace, contract: Contract): NamespaceLink<Contract> {
    const link = new NamespaceLink<Contract>(name, contract, {
      clock: this.deps.clock,
      random: this.deps.random,
      log: this.deps.log,
      fetchToken: this.deps.fetchToken,
      linkFor: (url) => this.linkFor(url),
      signedOut: () => this.signedOut.emit(),
    })
    this.namespaces.get(name)?.stop()
    this.namespaces.set(name, link)
    return link
  }

  retryNow(): void {
    for (const namespace of this.namespaces.values()) namespace.retryNow()
  }

  stop(): void {
    for (const namespace of this.namespaces.values()) namespace.stop()
  }

  private linkFor(url: string): ManagerLink {
    const known = this.managers.get(url)
    if (known !== undefined) return known
    const link = new ManagerLink(url, this.deps)
    this.managers.set(url, link)
    return link
  }
}
