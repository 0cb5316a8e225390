import type { ReactNode } from 'react'
import { ChatPanes } from '@/components/chat/ChatPanes'
import { currentUser } from '@/server/web/currentUser'

/**
 * Holds the whole chat: it reads the open room from the address and switches rooms without asking the server, so that
 * switching is instant and works offline. The pages below guard their address and show nothing themselves.
 */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  if (!(await currentUser())) return children
  return (
    <>
      <ChatPanes />
      {children}
    </>
  )
}
