import 'server-only'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { connection } from 'next/server'
import { may, type Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { isListed } from '@/lib/http/allowLists'
import { requestAddress } from '@/lib/http/remoteAddress'
import { webApp } from './app'

/** Who is looking at this page; null when signed out. */
export async function currentUser(): Promise<CurrentUser | null> {
  // Nothing here is known before there is a request; Next may prerender what surrounds it.
  await connection()
  const asked = { headers: await headers() }
  const { requestSessions } = await webApp()
  return (await requestSessions.read(asked))?.currentUser ?? null
}

/**
 * For pages that ask for a permission: whoever is signed out is led to the sign-in and back to `path`; to somebody without it
 * the page does not exist.
 */
export async function requirePermission(permission: Permission, path: string): Promise<void> {
  const user = await currentUser()
  if (!user) redirect(`/login?next=${path}`)
  if (!(await mayOpen(user, permission))) notFound()
}

/** The title of such a page, as its `generateMetadata`: to somebody without the permission it is that of no page. */
export const titleFor = (permission: Permission, title: string) => async (): Promise<Metadata> => {
  const user = await currentUser()
  return { title: user && (await mayOpen(user, permission)) ? title : 'Not found' }
}

const mayOpen = async (user: CurrentUser, permission: Permission): Promise<boolean> =>
  may(user, permission) && (await isAdminAddress())

/** Whether pages of admins may be seen from where this request comes from. */
async function isAdminAddress(): Promise<boolean> {
  const { config } = await webApp()
  return isListed(config.allowLists.admin, requestAddress({ headers: await headers() }, config.trustedProxyHops))
}
