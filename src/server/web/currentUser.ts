import 'server-only'
import { cookies } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { SESSION_COOKIE } from '@/contracts/auth'
import { may, type Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { webApp } from './app'

/** Who is looking at this page; null when signed out. */
export async function currentUser(): Promise<CurrentUser | null> {
  const secretId = (await cookies()).get(SESSION_COOKIE)?.value
  if (!secretId) return null
  const app = await webApp()
  return (await app.sessions.read(secretId))?.currentUser ?? null
}

/**
 * For pages that ask for a permission: whoever is signed out is led to the sign-in and back to `path`; to somebody without it
 * the page does not exist.
 */
export async function requirePermission(permission: Permission, path: string): Promise<void> {
  const user = await currentUser()
  if (!user) redirect(`/login?next=${path}`)
  if (!may(user, permission)) notFound()
}
