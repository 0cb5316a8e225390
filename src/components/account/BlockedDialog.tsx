import CloseRounded from '@mui/icons-material/CloseRounded'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import IconButton from '@mui/material/IconButton'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import type { Person } from '@/contracts/users'
import { useBlocked, useSetBlocked } from '@/hooks/useBlocks'
import { PersonAvatar } from '../ui/PersonAvatar'
import { useSubmit } from '../ui/useSubmit'

interface Props {
  open: boolean
  onClose: () => void
}

/** Whom one has blocked, and unblocking them. */
export function BlockedDialog({ open, onClose }: Props) {
  const titleId = useId()
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5, pr: 7 }}>
        Blocked people
      </DialogTitle>
      <IconButton aria-label="Close" onClick={onClose} sx={{ position: 'absolute', right: 12, top: 12 }}>
        <CloseRounded />
      </IconButton>
      <DialogContent>
        <BlockedPeople />
      </DialogContent>
    </Dialog>
  )
}

function BlockedPeople() {
  const { people, hasMore, busy, problem, more, again } = useBlocked()
  const setBlocked = useSetBlocked()
  const { busy: unblocking, failure, submit } = useSubmit([])
  const unblock = ({ id }: Person) =>
    submit(async () => {
      await setBlocked(id, false)
      again()
    })

  return (
    <>
      {failure.message && (
        <Alert severity="error" sx={{ mb: 1 }}>
          {failure.message}
        </Alert>
      )}
      {problem && (
        <Alert severity="error" action={<Button onClick={again}>Try again</Button>} sx={{ mb: 1 }}>
          {problem}
        </Alert>
      )}
      <Typography role="status" variant="body2" sx={{ color: 'text.secondary' }}>
        {people?.length === 0 && 'You have blocked nobody. The name above a conversation opens what blocks somebody.'}
        {people && people.length > 0 && 'They cannot write to you in your conversation, nor see when you are online.'}
      </Typography>
      {people && people.length > 0 && (
        <List disablePadding aria-label="Blocked people" aria-busy={busy}>
          {people.map((person) => (
            <ListItem key={person.id} disableGutters divider sx={{ gap: 1.5, py: 1.25 }}>
              <PersonAvatar name={person.name} image={person.avatarImage} size={38} />
              <Typography noWrap sx={{ flex: 1, minWidth: 0 }}>
                <bdi>{person.name}</bdi>
              </Typography>
              <Button
                size="small"
                color="inherit"
                variant="outlined"
                disabled={unblocking}
                onClick={() => unblock(person)}
                aria-label={`Unblock ${person.name}`}
                sx={{ borderColor: 'divider' }}
              >
                Unblock
              </Button>
            </ListItem>
          ))}
        </List>
      )}
      {hasMore && (
        <Button onClick={more} disabled={busy} sx={{ mt: 1 }}>
          Show more
        </Button>
      )}
    </>
  )
}
