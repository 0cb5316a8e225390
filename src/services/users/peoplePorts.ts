import type { Account, AccountsPage, PersonalPermissions } from '@/contracts/people'
import type { Role } from '@/contracts/permissions'
import type { Actor, ChangeEntry } from '../audit/ports'

/** What is left out stays as it is. */
export interface AccountChange {
  role?: Role | undefined
  permissions?: PersonalPermissions | undefined
  disabled?: boolean | undefined
}

/** Accounts, for those who manage people. */
export interface PeopleRepository {
  /** A page by name. @throws AppError BAD_REQUEST for a cursor that is none of ours. */
  page(query: string, cursor: string | undefined): Promise<AccountsPage>
  /** Runs one after the other, in all processes; what `work` throws undoes all of it. */
  transaction<T>(work: (people: PeopleTransaction) => Promise<T>): Promise<T>
}

/** What one transaction may read and change of accounts. */
export interface PeopleTransaction {
  /** The account as this transaction sees it. */
  find(id: string): Promise<Account | null>
  /** Of an account that exists. */
  write(id: string, change: AccountChange): Promise<void>
  /** Ends all of a person's sessions; how many there were. */
  endSessions(id: string): Promise<number>
  /** Writes to the audit log, to be kept if this transaction is. */
  record(actor: Actor, ...entries: ChangeEntry[]): Promise<void>
  /** Whether there is an open account whose role is admin and that may manage people. */
  hasAdmin(): Promise<boolean>
}
