import type { CurrentUser, Person } from '@/contracts/users'
import { Conversation } from './Conversation'
import { FirstMessage } from './FirstMessage'

export interface ConversationPaneProps {
  open: boolean
  roomId: string | undefined
  /** Whom nothing was written to yet. */
  recipient: Person | undefined
  /** The place to go to; `onTaken` once one is under way there. */
  at: number | undefined
  onTaken: () => void
  me: CurrentUser
  onClose: () => void
}

/** The conversation that is open, or about to begin. */
export function ConversationPane({ roomId, recipient, at, onTaken, me, onClose }: ConversationPaneProps) {
  if (roomId) return <Conversation key={roomId} roomId={roomId} at={at} onTaken={onTaken} me={me} onClose={onClose} />
  return recipient ? <FirstMessage key={recipient.id} person={recipient} me={me} onClose={onClose} /> : null
}
