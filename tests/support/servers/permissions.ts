import type { Permission } from '@/contracts/permissions'
import type { TestServers } from './servers'
import type { TestUser } from './testUser'

/** What this person may do beside their role, or not in spite of it, in place of what was said before. */
export async function setPermissions(
  { db }: TestServers,
  { id }: TestUser,
  { added = [], removed = [] }: { added?: Permission[]; removed?: Permission[] },
): Promise<void> {
  await db.query('DELETE FROM user_permissions WHERE user_id = $1', [id])
  await db.query(
    `INSERT INTO user_permissions (user_id, permission, is_granted)
     SELECT $1, p, true FROM unnest($2::text[]) p UNION ALL SELECT $1, p, false FROM unnest($3::text[]) p`,
    [id, added, removed],
  )
}

/** Somebody new whose role is admin. */
export async function newAdmin(servers: TestServers, name = 'Admin'): Promise<TestUser> {
  const admin = await servers.user(name)
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id])
  return admin
}
