import type { Role } from '@/contracts/permissions'

export interface DemoAccount {
  /** Always the same, so that an example can name somebody. */
  id: string
  email: string
  name: string
  role: Role
}

/** The people of the demo: made in an empty database, and never in a strict installation (`isStrict`). */
export const demoAccounts: readonly DemoAccount[] = [
  { id: 'demo-ada', email: 'ada@example.com', name: 'Ada Lovelace', role: 'admin' },
  { id: 'demo-grace', email: 'grace@example.com', name: 'Grace Hopper', role: 'user' },
  { id: 'demo-linus', email: 'linus@example.com', name: 'Linus Pauling', role: 'user' },
]
