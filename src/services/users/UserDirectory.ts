import type { FindUsersData } from '@/contracts/users'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { UserRepository } from './ports'

/** Finding people to talk to. */
export class UserDirectory {
  constructor(private readonly users: UserRepository) {}

  /**
   * By part of the name (one or two characters: by the beginning of its words), or the whole address; an empty query lists
   * the first page by name. Never oneself.
   */
  async find(user: SessionUser, query: string): Promise<FindUsersData> {
    return { users: await this.users.search(query, user.id) }
  }
}
