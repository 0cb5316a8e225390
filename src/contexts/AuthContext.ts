import { createContext } from 'react'
import type { DemoInput, LoginInput, RegisterInput, SecondFactorInput } from '@/contracts/auth'
import type { Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'

export interface Auth {
  /** Null when nobody is signed in. */
  user: CurrentUser | null
  /**
   * Resolves to a challenge when a code is needed besides.
   * @throws AppError when the server said no, NetworkError when it was not reached; so do the others.
   */
  signIn(input: LoginInput): Promise<string | undefined>
  passSecondFactor(input: SecondFactorInput): Promise<void>
  enterDemo(input: DemoInput): Promise<void>
  register(input: RegisterInput): Promise<void>
  /**
   * Ends the session everywhere this browser shows it. What waits to be sent stays for this person's next visit. Where the
   * server cannot be told, no page shows them and the copy is gone, but the session goes on: it may be called again.
   */
  signOut(): Promise<void>
  /** The server says that the session is over. */
  sessionEnded(): void
  /** The server says what this person may do from now on. */
  permissionsUpdated(permissions: Permission[]): void
  /** Takes whom this browser kept conversations of for signed in, on a page that no server rendered. False: nobody. */
  resume(): Promise<boolean>
  /** Asks the server who this is and what they may do; never rejects. */
  refresh(): Promise<void>
  /** The same where nobody is shown: whoever it is by now is. For pages of an app with a sign-in of its own. */
  recognise(): Promise<void>
}

export const AuthContext = createContext<Auth | undefined>(undefined)
