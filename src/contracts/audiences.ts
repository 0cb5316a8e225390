import * as z from 'zod/mini'
import { type Namespace, namespacePermissions, namespaces } from './namespaces'
import type { Access } from './permissions'

/** What a bearer is for: 5 minutes, for any number of requests, the session checked at each. */
export const bearerAudiences = ['/admin-api', '/graphql'] as const
export type BearerAudience = (typeof bearerAudiences)[number]

/** What a session token is for, one each: a ticket for one handshake with a namespace, or a bearer. */
export const audiences = [...namespaces, ...bearerAudiences] as const
/** One of `audiences`, as a request names it. */
export const Audience = z.enum(audiences, { error: `namespace is one of ${audiences.join(', ')}.` })
export type Audience = z.infer<typeof Audience>

/** What is asked of who wants a token; each command then asks for its own. */
export const audiencePermissions: Record<Audience, Access> = {
  ...namespacePermissions,
  '/admin-api': namespacePermissions['/admin'],
  '/graphql': 'session',
}

/** Where the address of an audience is configured: `/graphql` is served wherever nothing else is said. */
export const namespaceOf = (audience: Audience): Namespace | undefined =>
  audience === '/admin-api' ? '/admin' : audience === '/graphql' ? undefined : audience
