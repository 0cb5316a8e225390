import { AppError } from '@/contracts/errors'
import { type Access, may, refusalOf } from '@/contracts/permissions'
import type { Caller } from './caller'

/** @throws AppError UNAUTHENTICATED (somebody is needed), FORBIDDEN (somebody else is needed). */
export function requireAccess(caller: Caller, access: Access): void {
  if (access === 'anyone') return
  if (caller === null) throw new AppError('UNAUTHENTICATED')
  if ('isService' in caller || access === 'session') return
  if (access === 'service') throw new AppError('FORBIDDEN')
  if (!may(caller, access)) throw new AppError('FORBIDDEN', { message: refusalOf(access) })
}
