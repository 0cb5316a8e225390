import { UserData } from '@/contracts/auth'
import type { Command } from '@/contracts/command'
import type { SessionUser } from '@/services/shared/SessionUser'

/** Another service, by the service key: it may do whatever its routes offer. */
export const service = { isService: true } as const
export type Service = typeof service

/** Who a command acts for; null: nobody is signed in. */
export type Caller = SessionUser | Service | null

/** Who signed in by this command: before it nobody was, and the answer says who is. */
export const signedIn = (data: unknown): { id: string } | undefined => UserData.safeParse(data).data?.user

/** Who it was, for logs. */
export const byWhom = (caller: Caller | { id: string } | undefined): string =>
  caller ? ('isService' in caller ? 'a service' : `user ${caller.id}`) : 'nobody'

/** Who a handler of this command has before it. */
export type CommandUser<C extends Command> = C['permission'] extends 'anyone' | 'service' ? null : SessionUser
