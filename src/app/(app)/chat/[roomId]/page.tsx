import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Chats' }

/** The layout shows the conversation; this only guards the address. */
export default async function RoomPage({ params }: { params: Promise<{ roomId: string }> }) {
  const { roomId } = await params
  if (!(await currentUser())) redirect(`/login?next=${encodeURIComponent(`/chat/${roomId}`)}`)
  return null
}
