import 'server-only'
import { isStrict } from '@/lib/env/appEnv'
import { demoAccounts } from '../../../prisma/demoAccounts'
import { webApp } from './app'

/** The demo accounts that exist, for one-click sign-in; none in a strict process. */
export async function demoSignIns(): Promise<{ name: string; email: string; password: string }[]> {
  const { config, userRepository } = await webApp()
  if (isStrict(config.appEnv)) return []
  const known = await Promise.all(
    demoAccounts.map(async (account) => (await userRepository.byEmail(account.email)) !== null),
  )
  return demoAccounts.filter((_, index) => known[index]).map(({ name, email, password }) => ({ name, email, password }))
}
