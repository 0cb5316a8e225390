import 'server-only'
import type { ReactNode } from 'react'
import { currentUser } from '@/server/web/currentUser'
import { Providers } from './Providers'

/** Around everything that shows something of Tandem's: knows who is signed in, and keeps them connected. */
export async function Tandem({ children }: { children: ReactNode }) {
  return <Providers user={await currentUser()}>{children}</Providers>
}
