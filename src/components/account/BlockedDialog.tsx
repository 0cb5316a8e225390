import Button from '@mui/material/Button'
import DialogContent from '@mui/material/DialogContent'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import Typography from '@mui/material/Typography'
import type { Person } from '@/contracts/users'
import { useBlocked, useSetBlocked } from '@/hooks/useBlocks'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'

interface Props {
  open: boolean
  onClose: () => void
}

/** Whom one has blocked, and unblocking them. */
export function BlockedDialog({ open, onClose }: Props) {
  return (
    <TitledDialog title="Blocked people" open={open} onClose={onClose} closeButton={onClose}>
      <DialogContent>
        <BlockedPeople />
      </DialogContent>
    </TitledDialog>
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
      <Problem text={failure.message} sx={{ mb: 1 }} />
      <Problem text={problem} again={again} sx={{ mb: 1 }} />
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
