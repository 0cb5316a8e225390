import Button from '@mui/material/Button'
import CircularProgress from '@mui/material/CircularProgress'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemAvatar from '@mui/material/ListItemAvatar'
import ListItemText from '@mui/material/ListItemText'
import Typography from '@mui/material/Typography'
import type { Participant } from '@/contracts/chat'
import { useAnswer } from '@/hooks/useAnswer'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'

interface Props {
  open: boolean
  message: { seq: number; senderId: string } | undefined
  /** Who is in it, kept current. */
  participants: readonly Participant[]
  /** Where there are too many for that: asks who is in it now. */
  everybody: (() => Promise<Participant[]>) | undefined
  onClose: () => void
}

/** Who has read as far as a message: as it changes, and of a large group as it was when this was opened. */
export function SeenByDialog({ open, message, participants, everybody, onClose }: Props) {
  const { answer, busy, problem, again } = useAnswer(['readers', message?.seq], open && everybody ? everybody : null)
  // An answer of before says nothing of now.
  const people = everybody ? (busy || problem !== undefined ? undefined : answer) : participants
  const others = people?.filter(({ id }) => id !== message?.senderId)
  const seen = others?.filter(({ lastReadSeq }) => message !== undefined && lastReadSeq >= message.seq)

  return (
    <TitledDialog
      title={<>Seen by {seen && others && `${seen.length} of ${others.length}`}</>}
      open={open}
      onClose={onClose}
    >
      <DialogContent>
        <Problem text={busy ? undefined : problem} again={again} />
        {everybody && busy && <CircularProgress size={24} aria-label="Loading who has seen it" />}
        {seen?.length === 0 && 'Nobody has seen it yet.'}
        <List disablePadding>
          {seen?.map(({ id, name, avatarImage }) => (
            <ListItem key={id} disableGutters>
              <ListItemAvatar>
                <PersonAvatar name={name} image={avatarImage} size={38} />
              </ListItemAvatar>
              <ListItemText>
                <bdi>{name}</bdi>
              </ListItemText>
            </ListItem>
          ))}
        </List>
      </DialogContent>
      {everybody && seen && (
        <Typography variant="body2" sx={{ px: 3, pt: 1.5, color: 'text.secondary' }}>
          So it was when you asked: in a group of this size it does not change by itself.
        </Typography>
      )}
      <DialogActions>
        {everybody && seen && <Button onClick={again}>Ask again</Button>}
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </TitledDialog>
  )
}
