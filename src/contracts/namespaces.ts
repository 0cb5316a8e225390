import * as z from 'zod/mini'
import type { Permission } from './permissions'

/** The namespaces on Socket.IO's port; nothing is served on `/`. */
export const namespaces = ['/chat', '/notifications', '/admin'] as const
/** One of `namespaces`. */
export const Namespace = z.enum(namespaces, { error: `namespace is one of ${namespaces.join(', ')}.` })
export type Namespace = z.infer<typeof Namespace>

/** What a namespace asks of everybody who connects; each command then asks for its own. */
export const namespacePermissions: Record<Namespace, Permission> = {
  '/chat': 'chat:read',
  '/notifications': 'notifications:read',
  '/admin': 'admin:view-health',
}
