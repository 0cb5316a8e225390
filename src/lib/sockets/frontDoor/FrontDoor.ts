import type { IncomingMessage } from 'node:http'
import { AppError, type ErrorCode } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import { type SessionTokens, UnknownKey, type VerifiedToken } from '@/lib/auth/sessionToken'
import type { ConnectionLimits, RateLimit } from '@/lib/env/config'
import { messageAddress } from '@/lib/http/clientAddress'
import { type RateLimitState, rateLimited } from '@/lib/rate-limit/state'
import type { Logger } from '@/services/shared/Logger'
import type { SocketServer } from '../core/sockets'
import { ConnectionCaps } from './ConnectionCaps'
import { closeUnlessAlive, type EngineConnection, onConnection, UnsignedLimit } from './engine'
import { InboundThrottle } from './InboundThrottle'
import { RefusalLog } from './RefusalLog'
import { RefusedHandshakes } from './RefusedHandshakes'

export interface FrontDoorDeps {
  tokens: SessionTokens
  connectionLimits: ConnectionLimits
  /** What an address may have of refused handshakes. */
  refusals: RateLimit
  /** Counts a handshake of a session; undefined where that has no limit. */
  countHandshake: (sessionId: string) => Promise<RateLimitState | undefined> | undefined
  /** Proxies of ours that a request has come through. */
  trustedProxyHops: number
  /** Shown every request that asks for a connection. */
  warnOfProxies: (request: IncomingMessage) => void
  logger: Logger
}

/** What a connection's last count of its session's handshakes stands for. */
interface CountedHandshakes {
  sessionId: string
  namespaces: Set<Namespace>
  state: Promise<RateLimitState | undefined> | undefined
}

/** A connection that is not Engine.IO's. */
interface Visitor {
  request: IncomingMessage
}

/** Its place, which counts like any other. */
export interface Visit {
  /**
   * Whose it is, once a connection.
   * @throws AppError OVERLOADED (no place) or RATE_LIMITED (the session connects too often).
   */
  signIn(user: { id: string; sessionId: string }): Promise<void>
  /** Counts it for the address where it is the client's own fault. */
  refused(error: AppError): void
  leave(): void
}

/** Why somebody is turned away before there is a connection. */
export interface TurnedAway {
  status: 429 | 503
  message: string
  /** Whole seconds. */
  retryAfterSec: number
  /** How long the answer is to be held back, in milliseconds; `released` is to be called then. */
  holdMs: number
  released: () => void
}

/** The client's own fault; what is ours, or nobody's, counts for nobody. */
const OWN_FAULT: ReadonlySet<ErrorCode> = new Set([
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'SESSION_EXPIRED',
  'FORBIDDEN',
  'NOT_FOUND',
])
/** How long a connection for which there is no place may stay to be told so, in milliseconds. */
const TELLING_MS = 1_000
/**
 * How long, on average, whoever is turned away waits for the answer, in milliseconds: who comes back at once is slowed down by it, and a
 * request that waits costs next to nothing.
 */
const HOLD_MS = 2_000
/** Answers that are held back at the same time. */
const MOST_HELD = 2_000
/** When who found no place is to come back, in milliseconds: each a little differently. */
const COME_BACK_MS = 10_000
/** How long a connection may take to say that it is alive when its place is wanted, in milliseconds. */
const ALIVE_MS = 2_000

/**
 * What stands before a handshake: how many connections there may be, whose ticket is worth asking the database about, and
 * how often somebody may be refused. It asks nobody but the shared count of a session's handshakes.
 */
export class FrontDoor {
  private readonly caps: ConnectionCaps<EngineConnection | Visitor>
  private readonly refusedHandshakes: RefusedHandshakes
  private readonly log: RefusalLog
  /** With who came in first. */
  private readonly signedIn = new WeakMap<EngineConnection, string>()
  /** Those that are being asked whether they live. */
  private readonly asked = new WeakMap<EngineConnection, Promise<void>>()
  private readonly counted = new WeakMap<EngineConnection, CountedHandshakes>()
  private unsigned: UnsignedLimit | undefined
  private inbound: InboundThrottle | undefined
  private held = 0

  constructor(private readonly deps: FrontDoorDeps) {
    this.caps = new ConnectionCaps(deps.connectionLimits)
    this.refusedHandshakes = new RefusedHandshakes(deps.refusals)
    this.log = new RefusalLog(deps.logger)
  }

  attach(io: SocketServer): void {
    this.unsigned = new UnsignedLimit(io, (connection) => this.log.note('TOO_LARGE', this.addressOf(connection)))
    this.inbound = new InboundThrottle(io)
    onConnection(io, (connection) => {
      this.caps.opened(connection, this.addressOf(connection))
      connection.once('close', (reason) => this.closed(connection, reason))
    })
  }

  stop(): void {
    this.log.write()
  }

  /** A connection that is not Engine.IO's takes a place, until it leaves. */
  visit(request: IncomingMessage): Visit {
    const visitor: Visitor = { request }
    const address = this.addressOf(visitor)
    this.caps.opened(visitor, address)
    return {
      signIn: async ({ id, sessionId }) => {
        if (this.caps.isOver(visitor)) throw noPlace('All places are taken at the moment.')
        if (!(await this.findPlace(visitor, id)))
          throw noPlace('You are connected too often. Close another connection.')
        const state = await this.deps.countHandshake(sessionId)
        if (state && !state.allowed) throw rateLimited(state, 'Too many attempts to connect.')
      },
      refused: ({ code, cause }) => {
        if (OWN_FAULT.has(code) && !(cause instanceof UnknownKey)) this.refusedHandshakes.countForAddress(address)
        this.log.note(code, address)
      },
      leave: () => this.caps.closed(visitor),
    }
  }

  /** Why no connection is made for this request; undefined: come in. */
  turnsAway(request: IncomingMessage): TurnedAway | undefined {
    this.deps.warnOfProxies(request)
    const address = this.addressOf({ request })
    const blockedMs = this.refusedHandshakes.blockedMs(address)
    if (blockedMs > 0) {
      this.log.note('BLOCKED', address)
      return this.turnAway(429, 'Too many handshakes from this address were refused.', blockedMs)
    }
    if (!this.caps.isPacked(address)) return undefined
    this.log.note('NO_PLACE', address)
    return this.turnAway(503, 'There are too many connections.', COME_BACK_MS)
  }

  /**
   * Whether this handshake is worth its costs; its ticket is still to be used.
   * @throws AppError OVERLOADED (no place) or UNAUTHENTICATED (ticket).
   */
  async check(connection: EngineConnection, token: unknown, namespace: Namespace): Promise<VerifiedToken> {
    if (this.caps.isOver(connection)) {
      this.closeSoon(connection)
      throw noPlace('All places are taken at the moment. This connects by itself once there is one.')
    }
    const ticket = this.deps.tokens.verify(token, namespace)
    if (!(await this.findPlace(connection, ticket.userId))) {
      this.closeSoon(connection)
      throw noPlace('You are connected too often. Close another tab or device, and this one connects by itself.')
    }
    return ticket
  }

  /**
   * Where only a person's own connections are in the way, these are asked whether they still live: after a change of network
   * they are dead, which the heartbeat alone would notice half a minute later.
   */
  private async findPlace(connection: EngineConnection | Visitor, userId: string): Promise<boolean> {
    if (this.caps.claim(connection, userId)) return true
    await Promise.all(
      this.caps.of(userId).map((own) => {
        if (!('sendPacket' in own)) return undefined
        const asked = this.asked.get(own) ?? closeUnlessAlive(own, ALIVE_MS).finally(() => this.asked.delete(own))
        this.asked.set(own, asked)
        return asked
      }),
    )
    return this.caps.claim(connection, userId)
  }

  /**
   * Counts a handshake whose turn has come for its session: once for a connection, whichever namespaces it joins, and
   * again for one that it joins again. @throws AppError RATE_LIMITED.
   */
  async count(connection: EngineConnection, sessionId: string, namespace: Namespace): Promise<void> {
    const before = this.counted.get(connection)
    const isCounted = before?.sessionId === sessionId && !before.namespaces.has(namespace)
    const counted = isCounted
      ? before
      : { sessionId, namespaces: new Set<Namespace>(), state: this.deps.countHandshake(sessionId) }
    counted.namespaces.add(namespace)
    this.counted.set(connection, counted)
    const state = await counted.state
    if (state && !state.allowed) throw rateLimited(state, 'Too many attempts to connect.')
  }

  /** Somebody was let in: the connection has the limits of everybody from now on. */
  letIn(connection: EngineConnection, userId: string): void {
    // Of one that closed meanwhile nobody would hear again.
    if (this.signedIn.has(connection) || connection.readyState !== 'open') return
    this.signedIn.set(connection, userId)
    this.unsigned?.signedIn(connection)
    this.inbound?.signedIn(connection, userId)
    const { id, transport } = connection
    // Who came and went is in the audit log: here a line for each would be a tenth of what connecting costs.
    this.deps.logger.debug('connected', { userId, connectionId: id, transport: transport.name })
  }

  private closed(connection: EngineConnection, reason: string): void {
    this.caps.closed(connection)
    const userId = this.signedIn.get(connection)
    if (userId === undefined) return
    this.deps.logger.debug('disconnected', { userId, connectionId: connection.id, reason })
  }

  /** Counts it; closes a connection that is refused again and again. True for the first of its kind in a while. */
  refused(connection: EngineConnection, { code, cause }: Pick<AppError, 'code' | 'cause'>): boolean {
    const address = this.addressOf(connection)
    const isOwnFault = OWN_FAULT.has(code)
    // During an update, or while a key is changed, everybody of an office shows such tickets.
    if (isOwnFault && !(cause instanceof UnknownKey)) this.refusedHandshakes.countForAddress(address)
    const counts = isOwnFault || code === 'RATE_LIMITED'
    const isLast = counts && this.usesUp(connection, address, isOwnFault)
    // The answer goes first.
    if (isLast) setImmediate(() => connection.close())
    return this.log.note(code, address)
  }

  /** A connection somebody lives on answers for itself alone, never for its neighbours. */
  private usesUp(connection: EngineConnection, address: string, isOwnFault: boolean): boolean {
    if (this.signedIn.has(connection)) return this.refusedHandshakes.countForSignedIn(connection)
    const isAddressBlocked = isOwnFault && this.refusedHandshakes.blockedMs(address) > 0
    return this.refusedHandshakes.countForUnsigned(connection) || isAddressBlocked
  }

  private turnAway(status: TurnedAway['status'], message: string, retryAfterMs: number): TurnedAway {
    const isHeld = this.held < MOST_HELD
    if (isHeld) this.held += 1
    // Each a little differently, or all would be back at the same moment.
    const holdMs = isHeld ? HOLD_MS * (0.5 + Math.random()) : 0
    const released = () => {
      if (isHeld) this.held -= 1
    }
    return { status, message, retryAfterSec: Math.ceil(retryAfterMs / 1_000), holdMs, released }
  }

  /** Where it comes from, as limits count it: past our own proxies. */
  addressOf({ request }: Visitor): string {
    return messageAddress(request, this.deps.trustedProxyHops)
  }

  private closeSoon(connection: EngineConnection): void {
    setTimeout(() => connection.close(), TELLING_MS).unref()
  }
}

const noPlace = (message: string): AppError =>
  new AppError('OVERLOADED', { message, retryAfterMs: Math.ceil(COME_BACK_MS * (0.5 + Math.random())) })
