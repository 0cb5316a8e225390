import 'server-only'
import { webApp } from './app'

/** The demo accounts that exist, for one-click sign-in; none in a strict process. */
export async function demoSignIns(): Promise<{ name: string; email: string }[]> {
  const { auth } = await webApp()
  return (await auth.demoAccounts()).map(({ name, email }) => ({ name, email }))
}
