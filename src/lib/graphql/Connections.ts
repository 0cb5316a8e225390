import { AppError } from '@/contracts/errors'
import { may, type Permission, refusalOf } from '@/contracts/permissions'
import type { SessionUser } from '@/services/shared/SessionUser'

/** Subscriptions of one connection at a time. */
const MOST_OF_CONNECTION = 50
/** And of one person in this process, over all their connections. */
const MOST_OF_PERSON = 100

/** Something that goes on until it is ended. */
export interface Subscription {
  readonly name: string
  readonly permission: Permission
  end(error: AppError): void
}

/** A stream or a WebSocket of somebody who is signed in, and what they are subscribed to on it. */
export class Connection {
  readonly userId: string
  readonly sessionId: string
  readonly subscriptions = new Set<Subscription>()
  private ended: AppError | undefined

  constructor(
    private readonly all: Connections,
    /** As the last check of their session found them. */
    public user: SessionUser,
    /** Ends it, because of this. */
    private readonly close: (error: AppError) => void,
  ) {
    this.userId = user.id
    this.sessionId = user.sessionId
  }

  /** Who asks on it. @throws AppError what it ended with: nothing more is done for whom it was. */
  requireUser(): SessionUser {
    if (this.ended) throw this.ended
    return this.user
  }

  /** @throws AppError OVERLOADED (there are too many already), or what it ended with. */
  add(subscription: Subscription): void {
    this.requireUser()
    const ofPerson = this.all.getUserConnections(this.userId).reduce((sum, one) => sum + one.subscriptions.size, 0)
    if (this.subscriptions.size >= MOST_OF_CONNECTION || ofPerson >= MOST_OF_PERSON) {
      throw new AppError('OVERLOADED', {
        message: `At most ${MOST_OF_CONNECTION} subscriptions on a connection, and ${MOST_OF_PERSON} of one person.`,
      })
    }
    this.subscriptions.add(subscription)
  }

  /** The session ended. */
  disconnect(): void {
    this.end(new AppError('SESSION_EXPIRED'))
  }

  /** Everything on it ends because of this, and then the connection. */
  end(error: AppError): void {
    this.ended ??= error
    for (const subscription of this.subscriptions) subscription.end(error)
    this.close(error)
  }

  /** Its person may do something else by now. */
  update(user: SessionUser): void {
    this.user = user
    for (const subscription of this.subscriptions) {
      const { permission } = subscription
      if (!may(user, permission)) subscription.end(new AppError('FORBIDDEN', { message: refusalOf(permission) }))
    }
  }

  left(): void {
    this.all.closed(this)
  }
}

/** Who is connected to this process by GraphQL. */
export class Connections {
  private readonly open = new Map<string, Set<Connection>>()
  private ended: AppError | undefined

  /** @throws AppError what all ended with. */
  opened(user: SessionUser, close: (error: AppError) => void): Connection {
    if (this.ended) throw this.ended
    const connection = new Connection(this, user, close)
    const own = this.open.get(user.id) ?? new Set()
    this.open.set(user.id, own.add(connection))
    return connection
  }

  /** Ends all, and nobody comes after them. */
  end(error: AppError): void {
    this.ended = error
    for (const connection of this.getAllConnections()) connection.end(error)
  }

  closed(connection: Connection): void {
    const own = this.open.get(connection.userId)
    own?.delete(connection)
    if (own?.size === 0) this.open.delete(connection.userId)
  }

  has(userId: string): boolean {
    return this.open.has(userId)
  }

  getUserConnections(userId: string): Connection[] {
    return [...(this.open.get(userId) ?? [])]
  }

  getAllConnections(): Connection[] {
    return [...this.open.values()].flatMap((own) => [...own])
  }

  /** How many subscriptions there are, by name. */
  countSubscriptions(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { subscriptions } of this.getAllConnections()) {
      for (const { name } of subscriptions) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return counts
  }
}
