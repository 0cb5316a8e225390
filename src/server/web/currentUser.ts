import 'server-only'
import { cookies } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import type { CurrentUser } from '@/contracts/users'
import { sessionCookieOf } from '@/lib/http/cookies'
import { webApp } from './app'

/** Who is looking at this page; null when signed out. */
export async function currentUser(): Promise<CurrentUser | null> {
  const jar = await cookies()
  const secretId = sessionCookieOf((name) => jar.get(name)?.value)
  if (!secretId) return null
  const app = await webApp()
  return (await app.sessions.read(secretId))?.currentUser ?? null
}

/** For pages of admins: whoever is signed out is led to the sign-in and back to `path`; to anybody else it does not exist. */
export async function requireAdmin(path: string): Promise<void> {
  const user = await currentUser()
  if (!user) redirect(`/login?next=${path}`)
  if (user.role !== 'admin') notFound()
}
