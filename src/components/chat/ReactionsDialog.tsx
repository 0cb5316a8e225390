import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemAvatar from '@mui/material/ListItemAvatar'
import ListItemText from '@mui/material/ListItemText'
import type { ConversationActions } from '@/client/chat/view'
import { useAnswerPages, useSettled } from '@/hooks/useAnswer'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'

interface Props {
  open: boolean
  /** Its `rev` grows when somebody reacts. */
  message: { id: string; rev: number } | undefined
  myId: string
  load: ConversationActions['reactions']
  onClose: () => void
}

/** However many react at once, they are read again once they pause. */
const PAUSE_MS = 1_000

/** Who reacted to a message with what. */
export function ReactionsDialog({ open, message, myId, load, onClose }: Props) {
  const id = message?.id
  const rev = useSettled(message?.rev, PAUSE_MS)
  const { pages, hasMore, busy, problem, more, again } = useAnswerPages(
    ['reactions', id, rev],
    open && id !== undefined ? ({ cursor }) => load(id, cursor) : null,
  )
  const reactions = pages?.flatMap((page) => page.reactions) ?? []

  return (
    <TitledDialog title="Reactions" open={open} onClose={onClose}>
      <DialogContent>
        <Problem text={problem} again={again} />
        {pages && reactions.length === 0 && 'Nobody has reacted.'}
        {!pages && busy && <CircularProgress size={24} aria-label="Loading who reacted" />}
        <List disablePadding>
          {reactions.map(({ emoji, userId, name, avatarImage }) => (
            <ListItem key={`${emoji} ${userId}`} disableGutters>
              <ListItemAvatar>
                <PersonAvatar name={name} image={avatarImage} size={38} />
              </ListItemAvatar>
              <ListItemText>
                <bdi>{name}</bdi>
                {userId === myId && ' (you)'}
              </ListItemText>
              <span style={{ fontSize: 22 }}>{emoji}</span>
            </ListItem>
          ))}
        </List>
        {hasMore && (
          <Button onClick={more} disabled={busy}>
            Show more
          </Button>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </TitledDialog>
  )
}
