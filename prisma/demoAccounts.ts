import type { Role } from '@/contracts/permissions'

export interface DemoAccount {
  email: string
  name: string
  role: Role
}

/** The people of the demo: made in an empty database, and never in a strict installation (`isStrict`). */
export const demoAccounts: readonly DemoAccount[] = [
  { email: 'ada@example.com', name: 'Ada Lovelace', role: 'admin' },
  { email: 'grace@example.com', name: 'Grace Hopper', role: 'user' },
  { email: 'linus@example.com', name: 'Linus Pauling', role: 'user' },
]
