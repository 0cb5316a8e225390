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

/** One of something for each namespace. */
export const perNamespace = <T>(make: (namespace: Namespace) => T): Record<Namespace, T> =>
  Object.fromEntries(namespaces.map((namespace) => [namespace, make(namespace)])) as Record<Namespace, T> // one for each name
