import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io'
import type {
  AdminClientEvents,
  AdminServerEvents,
  ChatClientEvents,
  ChatServerEvents,
  CommonServerEvents,
  NotificationsClientEvents,
  NotificationsServerEvents,
} from '@/contracts/events'
import type { SessionUser } from '@/services/shared/SessionUser'

/** What every socket carries once it is let in. */
export interface SocketData {
  user: SessionUser
}

/** The server itself speaks no events: each namespace has its own contract. */
export type SocketServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

export type ChatNamespaceIo = Namespace<ChatClientEvents, ChatServerEvents, DefaultEventsMap, SocketData>
export type NotificationsNamespaceIo = Namespace<
  NotificationsClientEvents,
  NotificationsServerEvents,
  DefaultEventsMap,
  SocketData
>
export type NotificationsSocket = Socket<
  NotificationsClientEvents,
  NotificationsServerEvents,
  DefaultEventsMap,
  SocketData
>
export type AdminNamespaceIo = Namespace<AdminClientEvents, AdminServerEvents, DefaultEventsMap, SocketData>
export type AdminSocket = Socket<AdminClientEvents, AdminServerEvents, DefaultEventsMap, SocketData>
export type ChatSocket = Socket<ChatClientEvents, ChatServerEvents, DefaultEventsMap, SocketData>

/** Any namespace's socket, as far as the pipeline needs it. */
export interface AnySocket {
  readonly id: string
  readonly rooms: Set<string>
  data: SocketData
  on(event: string, listener: (...args: unknown[]) => void): unknown
  emit(event: 'commandError', error: Parameters<CommonServerEvents['commandError']>[0]): unknown
  emit(event: 'rateLimitWarning', payload: Parameters<CommonServerEvents['rateLimitWarning']>[0]): unknown
  emit(event: 'rateLimitExceeded', payload: Parameters<CommonServerEvents['rateLimitExceeded']>[0]): unknown
  join(rooms: string | string[]): Promise<void> | void
  leave(room: string): Promise<void> | void
}
