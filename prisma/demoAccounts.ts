import type { Role } from '@/contracts/permissions'

export interface DemoAccount {
  email: string
  password: string
  name: string
  role: Role
}

/** The people of the demo. Made on the first run only, and never with APP_ENV=production. */
export const demoAccounts: readonly DemoAccount[] = [
  { email: 'ada@example.com', password: 'tandem-demo', name: 'Ada Lovelace', role: 'admin' },
  { email: 'grace@example.com', password: 'tandem-demo', name: 'Grace Hopper', role: 'user' },
  { email: 'linus@example.com', password: 'tandem-demo', name: 'Linus Pauling', role: 'user' },
]
