import 'server-only'
import { unstable_rethrow } from 'next/navigation'
import type { ReactNode } from 'react'
import type { CurrentUser } from '@/contracts/users'
import { setUp } from '@/lib/http/setUp'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import { webApp } from '@/server/web/app'
import { currentUser } from '@/server/web/currentUser'
import { Providers } from './Providers'

/** Around everything that shows something of Tandem's: knows who is signed in, and keeps them connected. */
export async function Tandem({ children }: { children: ReactNode }) {
  return <Providers user={await visitor()}>{children}</Providers>
}

/** Undefined: it could not be found out. All pages of the app stand below this, so they go on without. */
async function visitor(): Promise<CurrentUser | null | undefined> {
  try {
    return await currentUser()
  } catch (error) {
    // What Next itself throws says how it renders.
    unstable_rethrow(error)
    await note(error)
    return undefined
  }
}

/** A process that could not be set up has no logger; that was said on the console. */
const note = (error: unknown): Promise<void> =>
  setUp(webApp).then(
    ({ pipeline }) => logFailure(pipeline.logger, 'to find out who looks at a page', toAppError(error), {}),
    () => {},
  )
