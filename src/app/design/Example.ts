import type { ReactNode } from 'react'
import type { CurrentUser } from '@/contracts/users'
import type { Scene } from './played/Stage'

/** One state of something. */
export interface Example extends Scene {
  /** Its anchor. */
  id: string
  title: string
  /** Somebody signed in unless said. */
  me?: CurrentUser | null
  /** Of its frame, in pixels; as much as it takes unless said. */
  height?: number
  show: () => ReactNode
}

export interface Group {
  title: string
  examples: Example[]
}

/** Of what the server has not answered yet. */
export const never = () => new Promise<never>(() => {})
