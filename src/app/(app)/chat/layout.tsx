import type { ReactNode } from 'react'
import { ChatPanes } from '@/components/chat/ChatPanes'
import { currentUser } from '@/server/web/currentUser'
import { firstRooms } from '@/server/web/firstRooms'

/**
 * Holds the whole chat: it reads the open room from the address and switches rooms without asking the server, so that
 * switching is instant and works offline. The pages below guard their address and show nothing themselves.
 */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  const user = await currentUser()
  if (!user) return children
  return (
    <>
      <ChatPanes given={{ userId: user.id, rooms: await firstRooms(user) }} />
      {children}
    </>
  )
}
