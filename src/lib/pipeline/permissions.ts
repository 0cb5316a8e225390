import type { CommandRules } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { type Access, isForServices, may, refusalOf, serviceScopeOf } from '@/contracts/permissions'
import { requireScope } from '@/lib/auth/serviceKey'
import type { Caller } from './caller'

/** @throws AppError UNAUTHENTICATED (somebody is needed), FORBIDDEN (somebody else is needed). */
export function requireAccess(caller: Caller, access: Access): void {
  if (access === 'anyone') return
  if (caller === null) throw new AppError('UNAUTHENTICATED')
  const scope = serviceScopeOf(access)
  if ('isService' in caller) {
    if (!scope) throw new AppError('FORBIDDEN', { message: 'This is for people, not for services.' })
    requireScope(caller, scope)
    return
  }
  if (access === 'session') return
  if (isForServices(access)) throw new AppError('FORBIDDEN')
  if (!may(caller, access)) throw new AppError('FORBIDDEN', { message: refusalOf(access) })
}

/** All that a command asks for. @throws AppError as `requireAccess`. */
export function requireAll(
  caller: Caller,
  { permission, alsoNeeds = [] }: Pick<CommandRules, 'permission' | 'alsoNeeds'>,
): void {
  for (const access of [permission, ...alsoNeeds]) requireAccess(caller, access)
}
