import { createContext } from 'react'
import type { ChatClient } from '@/client/chat/ChatClient'

/** The signed-in person's client; null until the page has started it, undefined outside the provider. */
export const SocketContext = createContext<ChatClient | null | undefined>(undefined)
