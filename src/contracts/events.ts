import * as z from 'zod/mini'
import type { AdminCommands, AdminEvents } from './admin'
import { type ChatCommands, type ChatEvents, chatCommands, chatEvents } from './chat'
import { type CommandEvents, event, type PayloadEvents } from './command'
import { WireError } from './errors'
import {
  type NotificationCommands,
  type NotificationEvents,
  notificationCommands,
  notificationEvents,
} from './notifications'
import { Permission } from './permissions'
import { rateLimitEvents } from './rateLimitEvents'

/** What a person may do: all of it, not what is new. */
export const PermissionsUpdated = z.object({ permissions: z.array(Permission) })
export type PermissionsUpdated = z.infer<typeof PermissionsUpdated>

/**
 * Events that every namespace can send. `commandError` stands in for an acknowledgement that was not asked for;
 * `permissionsUpdated` comes first on every connection, and whenever it changes.
 */
export const commonEvents = {
  /** The refusal of a command that was sent without an acknowledgement. */
  commandError: event(WireError, 'the asking socket'),
  /** What one may do is different now. */
  permissionsUpdated: event(PermissionsUpdated, "the person's sockets"),
  ...rateLimitEvents,
}
type CommonEvents = typeof commonEvents

/** Socket.IO's event map of what every namespace emits. */
export type CommonServerEvents = PayloadEvents<CommonEvents>

/** What a client may emit on `/chat`: its commands. */
export type ChatClientEvents = CommandEvents<ChatCommands>
/** What a client hears on `/chat`. */
export type ChatServerEvents = PayloadEvents<ChatEvents & CommonEvents>

/** What a client may emit on `/notifications`. */
export type NotificationsClientEvents = CommandEvents<NotificationCommands>
/** What a client hears on `/notifications`. */
export type NotificationsServerEvents = PayloadEvents<NotificationEvents & CommonEvents>

/** What a client may emit on `/admin`. */
export type AdminClientEvents = CommandEvents<AdminCommands>
/** What a client hears on `/admin`. */
export type AdminServerEvents = PayloadEvents<AdminEvents & CommonEvents>

/** What every page speaks. The third namespace, for admins, is in all.ts: most pages need not load it. */
export const pageContracts = {
  '/chat': { commands: chatCommands, events: { ...chatEvents, ...commonEvents } },
  '/notifications': { commands: notificationCommands, events: { ...notificationEvents, ...commonEvents } },
} as const
