import type { Place } from '@/client/chat/MessageDetails'
import type { MessageRow } from './rows'

/** What can be done beside a message, without its menu. */
export interface MessageActions {
  retry: (clientId: string) => void
  discard: (clientId: string) => void
  openOptions: (row: MessageRow, anchor: HTMLElement) => void
  /** Undefined where this person may not write. */
  reply: ((row: MessageRow) => void) | undefined
  /** Goes to the message in this place. */
  jump: (seq: number) => void
  /** Reacts with the emoji, or takes that back. Undefined where one may not. */
  react: ((row: MessageRow, emoji: string) => void) | undefined
  /** Has the row say what it leaves open. */
  wantDetails: (message: Place) => void
}
