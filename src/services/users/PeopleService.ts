import { AppError } from '@/contracts/errors'
import type { Account, AccountsPage, ChangeAccountInput } from '@/contracts/people'
import { may, type Permission, permissionTable, refusalOf } from '@/contracts/permissions'
import type { Actor, ChangeEntry } from '../audit/ports'
import type { PeopleRepository, PeopleTransaction } from './peoplePorts'

const MANAGE: Permission = 'admin:manage-users'

/**
 * Managing other people's accounts. One act at a time, each a transaction that looks at the acting person again, so that
 * two admins who take each other's rights away at the same moment do not both succeed.
 */
export class PeopleService {
  constructor(private readonly people: PeopleRepository) {}

  /** By name; `query` is a part of name or address. */
  list(query: string, cursor: string | undefined): Promise<AccountsPage> {
    return this.people.page(query, cursor)
  }

  /**
   * Changes role, personal permissions, or whether the account is open; all its live sockets hear of it within seconds. An
   * account that is disabled loses its sessions.
   * @throws AppError NOT_FOUND; FORBIDDEN: one's own admin rights, the last administrator, a permission one does not hold.
   */
  async change(by: Actor, { id, ...change }: ChangeAccountInput): Promise<Account> {
    return this.people.transaction(async (people) => {
      const actor = await requireManager(people, by)
      const before = await requireAccount(people, id)
      const hadAdmin = await people.hasAdmin()
      await people.write(id, change)
      const ended = change.disabled ? await people.endSessions(id) : 0
      const after = await requireAccount(people, id)
      if (actor.id === id) keepsOwnRights(before, after)
      if (hadAdmin) await keepsAnAdmin(people)
      givesWhatTheyHold(actor, before, after)
      await people.record(by, ...entriesOf(before, after), ...sessionsEnded(id, ended))
      return after
    })
  }

  /** Signs a person out everywhere; their sockets close within seconds. @throws AppError NOT_FOUND */
  async endSessions(by: Actor, id: string): Promise<{ count: number }> {
    return this.people.transaction(async (people) => {
      await requireManager(people, by)
      await requireAccount(people, id)
      const count = await people.endSessions(id)
      await people.record(by, ...sessionsEnded(id, count))
      return { count }
    })
  }
}

const forbidden = (message: string): AppError => new AppError('FORBIDDEN', { message })

/** As they are now: since the command was permitted somebody else may have had their turn. */
async function requireManager(people: PeopleTransaction, by: Actor): Promise<Account> {
  const actor = by.userId === null ? null : await people.find(by.userId)
  if (!actor || actor.disabled || !actor.permissions.effective.includes(MANAGE)) throw forbidden(refusalOf(MANAGE))
  return actor
}

async function requireAccount(people: PeopleTransaction, id: string): Promise<Account> {
  const account = await people.find(id)
  if (!account) throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
  return account
}

function keepsOwnRights(before: Account, after: Account): void {
  if (after.disabled) throw forbidden('You cannot disable your own account. Another administrator can.')
  const lost = missing(before.permissions.effective, after.permissions.effective)
  if (after.role !== before.role || lost.some((permission) => permission.startsWith('admin:'))) {
    throw forbidden('You cannot take away your own admin rights. Another administrator can.')
  }
}

/** @throws AppError FORBIDDEN. */
export async function keepsAnAdmin(people: PeopleTransaction): Promise<void> {
  if (await people.hasAdmin()) return
  throw forbidden('This is the last administrator. Make somebody else one first.')
}

/** Opening an account again gives its person all that it may do. */
function givesWhatTheyHold(actor: Account, before: Account, after: Account): void {
  const had = before.disabled && !after.disabled ? [] : before.permissions.effective
  const beyond = missing(after.permissions.effective, had).filter(
    (permission) => !may({ permissions: actor.permissions.effective }, permission),
  )
  if (beyond.length === 0) return
  const names = beyond.map((permission) => permissionTable[permission]).join(', ')
  throw forbidden(`You can only give what you may do yourself, and you may not: ${names}.`)
}

const missing = (from: readonly Permission[], inList: readonly Permission[]): Permission[] =>
  from.filter((permission) => !inList.includes(permission))

/** What changed, an entry for each kind. */
function entriesOf(before: Account, after: Account): ChangeEntry[] {
  const { id: target, role, disabled } = after
  const { added, removed } = after.permissions
  const isSame = (one: readonly Permission[], other: readonly Permission[]) =>
    missing(one, other).length === 0 && missing(other, one).length === 0
  const isSameList = isSame(before.permissions.added, added) && isSame(before.permissions.removed, removed)
  const changes: ChangeEntry[] = []
  if (before.role !== role) changes.push({ action: 'user.role', target, details: { before: before.role, after: role } })
  if (!isSameList) changes.push({ action: 'user.permissions', target, details: { added, removed } })
  if (before.disabled !== disabled) changes.push({ action: disabled ? 'user.disable' : 'user.enable', target })
  return changes
}

const sessionsEnded = (target: string, count: number): ChangeEntry[] =>
  count === 0 ? [] : [{ action: 'session.end', target, details: { count } }]
