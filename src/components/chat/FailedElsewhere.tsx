import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import { failures } from './MessageItem'

interface Props {
  conversation: Pick<ConversationView & ConversationActions, 'messages' | 'changes' | 'retry' | 'discard'>
}

/** An edit, deletion or reaction that has failed, of a message that is not shown: nothing else would tell of it. */
export function FailedElsewhere({ conversation: { messages, changes, retry, discard } }: Props) {
  const failed = changes.find(
    ({ state, messageId }) => state === 'failed' && !messages.some(({ id }) => id === messageId),
  )
  if (!failed) return null
  const { clientId, kind, error } = failed
  const { said, giveUp } = failures[kind]
  return (
    <Alert
      severity="error"
      sx={{ mx: { xs: 1.5, md: 3 }, mt: 1 }}
      action={
        <>
          <Button size="small" color="inherit" onClick={() => retry(clientId)}>
            Retry
          </Button>
          <Button size="small" color="inherit" onClick={() => discard(clientId)}>
            {giveUp}
          </Button>
        </>
      }
    >
      A message that is not shown here: {said} {error?.message}
    </Alert>
  )
}
