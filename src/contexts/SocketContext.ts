import { createContext } from 'react'
import type { TandemClient } from '@/client/TandemClient'

/** The signed-in person's client; null until the page has started it, undefined outside the provider. */
export const SocketContext = createContext<TandemClient | null | undefined>(undefined)
