import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemAvatar from '@mui/material/ListItemAvatar'
import ListItemText from '@mui/material/ListItemText'
import { useId } from 'react'
import type { Participant } from '@/contracts/chat'
import { PersonAvatar } from '../ui/PersonAvatar'

interface Props {
  open: boolean
  message: { seq: number; senderId: string } | undefined
  participants: readonly Participant[]
  onClose: () => void
}

/** Who has read as far as a message, as it changes. */
export function SeenByDialog({ open, message, participants, onClose }: Props) {
  const titleId = useId()
  const others = participants.filter(({ id }) => id !== message?.senderId)
  const seen = others.filter(({ lastReadSeq }) => message !== undefined && lastReadSeq >= message.seq)

  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
        Seen by {seen.length} of {others.length}
      </DialogTitle>
      <DialogContent>
        {seen.length === 0 && 'Nobody has seen it yet.'}
        <List disablePadding>
          {seen.map(({ id, name, avatarImage }) => (
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
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}
