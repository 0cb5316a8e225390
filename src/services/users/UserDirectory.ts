import { Email } from '@/contracts/auth'
import { may } from '@/contracts/permissions'
import type { FindUsersData } from '@/contracts/users'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { UserRepository } from './ports'
import type { Registration } from './Registration'

/** Finding people to talk to. */
export class UserDirectory {
  constructor(
    private readonly users: Pick<UserRepository, 'search' | 'byEmail'>,
    private readonly registration: Pick<Registration, 'mailsInvites'>,
  ) {}

  /**
   * By part of the name (one or two characters: by the beginning of its words), or the whole address; an empty query lists
   * the first page by name. Never oneself.
   */
  async find(user: SessionUser, query: string): Promise<FindUsersData> {
    const users = await this.users.search(query, user.id)
    if (users.length > 0 || !this.registration.mailsInvites || !may(user, 'admin:manage-users')) return { users }
    const { data: email } = Email.safeParse(query)
    // Oneself, and who is disabled, is not found and has an account all the same.
    const isNew = email !== undefined && !(await this.users.byEmail(email))
    return isNew ? { users, invites: true } : { users }
  }
}
