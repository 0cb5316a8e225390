import type { SessionUser } from '@/services/shared/SessionUser'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo, NotificationsNamespaceIo } from './core/sockets'
import type { Memberships } from './Memberships'

/** Is called with each event that the person's sockets are sent. */
export type HearEvent = (event: string, payload: unknown) => void

interface Tap {
  listeners: Set<HearEvent>
  /** Resolves when it is in all of the person's rooms. */
  joined: Promise<void>
}

export interface EventTapsDeps {
  chat: ChatNamespaceIo
  notifications: NotificationsNamespaceIo
  memberships: Pick<Memberships, 'update'>
}

/**
 * What a person's sockets would hear, for those who have none. A tap is in the person's rooms like a socket, so that whatever
 * reaches sockets reaches it, by whichever way it came (this process, Redis, the database), and whoever makes sockets leave a
 * room makes it leave. While nobody listens nothing is there.
 *
 * It uses of Socket.IO's adapter what that uses of a socket, which its documentation does not promise: a test fails when an
 * update changes it.
 */
export class EventTaps {
  private readonly taps = new Map<string, Tap>()

  constructor(private readonly deps: EventTapsDeps) {}

  /** Resolves when everything that is told from now on is heard, to what ends it. */
  async listen(user: SessionUser, listener: HearEvent): Promise<() => void> {
    const tap = this.taps.get(user.id) ?? this.open(user)
    tap.listeners.add(listener)
    const stop = () => {
      tap.listeners.delete(listener)
      if (tap.listeners.size === 0 && this.taps.get(user.id) === tap) this.close(user.id)
    }
    try {
      await tap.joined
    } catch (error) {
      stop()
      throw error
    }
    return stop
  }

  private open(user: SessionUser): Tap {
    const listeners = new Set<HearEvent>()
    const id = tapId(user.id)
    const socket = {
      id,
      data: { user },
      client: { writeToEngine: () => {} },
      _onclose() {},
      notifyOutgoingListeners({ data: [event, payload] }: { data: [string, unknown] }) {
        for (const listener of [...listeners]) listener(event, payload)
      },
    }
    const own = new Set([socketRooms.user(user.id)])
    const { chat, notifications, memberships } = this.deps
    void notifications.adapter.addAll(id, own)
    add(notifications.sockets, id, socket)
    void chat.adapter.addAll(id, own)
    const tap: Tap = {
      listeners,
      // Among the sockets only now: whoever joins a room as a socket that is connected is shown it as a new one.
      joined: memberships.update(user.id).then(() => {
        if (this.taps.get(user.id) === tap) add(chat.sockets, id, socket)
      }),
    }
    this.taps.set(user.id, tap)
    return tap
  }

  private close(userId: string): void {
    this.taps.delete(userId)
    const id = tapId(userId)
    for (const { adapter, sockets } of [this.deps.chat, this.deps.notifications]) {
      sockets.delete(id)
      void adapter.delAll(id)
    }
  }
}

const tapId = (userId: string): string => `tap:${userId}`

/** As much of a socket as broadcasting asks for. */
const add = <Socket>(sockets: Map<string, Socket>, id: string, socket: object): void =>
  void sockets.set(id, socket as Socket)
