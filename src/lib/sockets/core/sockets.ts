import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io'
import type {
  AdminClientEvents,
  AdminServerEvents,
  ChatClientEvents,
  ChatServerEvents,
  NotificationsClientEvents,
  NotificationsServerEvents,
} from '@/contracts/events'
import type { CallOrigin } from '@/lib/pipeline/caller'
import type { CommandSocket } from '@/lib/pipeline/createEventHandler'
import type { SessionUser } from '@/services/shared/SessionUser'

/** What every socket carries once it is let in. */
export interface SocketData {
  user: SessionUser
  /** Where the connection comes from, for the audit log. */
  from: Pick<CallOrigin, 'address' | 'origin'>
}

/** The server itself speaks no events: each namespace has its own contract. */
export type SocketServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

/** What the processes tell each other by Redis. */
export interface ChatPeerEvents {
  left: (member: { roomId: string; userId: string }) => void
}

/** `/chat` of Socket.IO's server, with the events of its contract. */
export type ChatNamespaceIo = Namespace<ChatClientEvents, ChatServerEvents, ChatPeerEvents, SocketData>
/** `/notifications`, likewise. */
export type NotificationsNamespaceIo = Namespace<
  NotificationsClientEvents,
  NotificationsServerEvents,
  DefaultEventsMap,
  SocketData
>
/** A client's socket in `/notifications`. */
export type NotificationsSocket = Socket<
  NotificationsClientEvents,
  NotificationsServerEvents,
  DefaultEventsMap,
  SocketData
>
/** `/admin`, likewise. */
export type AdminNamespaceIo = Namespace<AdminClientEvents, AdminServerEvents, DefaultEventsMap, SocketData>
/** A client's socket in `/admin`. */
export type AdminSocket = Socket<AdminClientEvents, AdminServerEvents, DefaultEventsMap, SocketData>
/** A client's socket in `/chat`. */
export type ChatSocket = Socket<ChatClientEvents, ChatServerEvents, ChatPeerEvents, SocketData>

/** The namespaces with the events of their contracts; Socket.IO knows them by name only. */
export const typedNamespaces = (io: SocketServer) => ({
  chat: io.of('/chat') as unknown as ChatNamespaceIo,
  notifications: io.of('/notifications') as unknown as NotificationsNamespaceIo,
  admin: io.of('/admin') as unknown as AdminNamespaceIo,
})

/** Any namespace's socket, as far as the namespaces have it in common. */
export type AnySocket = CommandSocket<SessionUser> & Pick<Socket, 'id' | 'conn' | 'rooms' | 'join' | 'leave'>
