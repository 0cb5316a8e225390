import 'server-only'
import { cookies } from 'next/headers'
import { SESSION_COOKIE } from '@/contracts/auth'
import type { CurrentUser } from '@/contracts/users'
import { webApp } from './app'

/** Who is looking at this page; null when signed out. */
export async function currentUser(): Promise<CurrentUser | null> {
  const secretId = (await cookies()).get(SESSION_COOKIE)?.value
  if (!secretId) return null
  const app = await webApp()
  return (await app.sessions.read(secretId))?.currentUser ?? null
}
