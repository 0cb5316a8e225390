import { UserData } from '@/contracts/auth'
import type { Command } from '@/contracts/command'
import type { ServiceAccess, ServiceScope } from '@/contracts/permissions'
import type { Actor } from '@/services/audit/ports'
import type { SessionUser } from '@/services/shared/SessionUser'

/** Another service, by its key: it may do what the key's scopes say. */
export interface Service {
  isService: true
  /** The key's. */
  name: string
  scopes: readonly ServiceScope[]
}

/** Who a command acts for; null: nobody is signed in. */
export type Caller = SessionUser | Service | null

/** Who signed in by this command: before it nobody was, and the answer says who is. */
export const signedIn = (data: unknown): { id: string; name: string } | undefined => UserData.safeParse(data).data?.user

export type Transport = 'socket' | 'http' | 'graphql'

/** Where a call comes from, as the transport knows it. */
export interface CallOrigin {
  transport: Transport
  correlationId: string | null
  /** In full, unlike what limits count. */
  address: string | null
  /** The header `Origin`. */
  origin: string | null
}

/** Who does something and from where, for handlers and the audit log. */
export function actorOf(
  caller: (Pick<SessionUser, 'id' | 'name'> & Partial<SessionUser>) | Service | null | undefined,
  { transport, correlationId, address, origin }: CallOrigin,
): Actor {
  const person = caller && 'id' in caller ? caller : undefined
  return {
    userId: person?.id ?? null,
    name: caller?.name ?? 'nobody',
    transport,
    address,
    origin,
    sessionId: person?.sessionId ?? null,
    correlationId,
  }
}

/** Who a handler of this command has before it. */
export type CommandUser<C extends Command> = C['permission'] extends 'anyone' | ServiceAccess ? null : SessionUser
