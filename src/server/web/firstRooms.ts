import 'server-only'
import type { Room } from '@/contracts/chat'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { webApp } from './app'

/** As many as fill the tallest window. */
const SCREENFUL = 20

/**
 * The top of this person's list of conversations, for the page's first paint; undefined where it cannot be read now, as
 * the page asks again by itself.
 */
export async function firstRooms(user: CurrentUser): Promise<Room[] | undefined> {
  if (!may(user, 'chat:read')) return undefined
  const { rooms } = await webApp()
  const page = await rooms.list(user, undefined).catch(() => undefined)
  return page?.rooms.slice(0, SCREENFUL)
}
