import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Chats' }

/** The layout shows the chat; this only guards the address. */
export default async function ChatPage() {
  if (!(await currentUser())) redirect('/login?next=/chat')
  return null
}
