import type { Config } from '@/lib/env/config'
import { loadSecret } from '@/lib/env/secrets'

export interface Demo {
  accounts: readonly { email: string; role: string }[]
  /** The same for all of them. */
  password: string
}

/**
 * Fills an empty database with the demo, and gives demo accounts that are there the password of this DATA_DIR. Undefined
 * when the database has no demo accounts.
 */
export async function seedDemo(
  { dataDir }: Pick<Config, 'dataDir'>,
  databaseUrl: string,
  onProgress: (line: string) => void,
): Promise<Demo | undefined> {
  const { seed } = await import('../../prisma/seed')
  const password = () => loadSecret(dataDir, 'demo-password', 'DATA_DIR')
  const { accounts } = await seed({
    databaseUrl,
    password,
    onCreate: () => onProgress('Adding demo accounts and a short conversation'),
  })
  return accounts.length === 0 ? undefined : { accounts, password: await password() }
}

/** A line for each account. */
export function demoLines({ accounts, password }: Demo): string[] {
  const width = Math.max(...accounts.map(({ email }) => email.length))
  return accounts.map(({ email, role }) => `${email.padEnd(width)}  ${password}${role === 'admin' ? '  (admin)' : ''}`)
}
