import IconButton from '@mui/material/IconButton'
import { useState } from 'react'
import type { CurrentUser } from '@/contracts/users'
import { late } from './late'
import { PersonAvatar } from './PersonAvatar'
import { VisuallyHidden } from './VisuallyHidden'

interface Props {
  user: CurrentUser
  onSignOut: () => void
}

const AccountEntries = late(async () => (await import('./AccountEntries')).AccountEntries)

export function AccountMenu({ user, onSignOut }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)

  return (
    <>
      <IconButton
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ p: 0.5 }}
      >
        <PersonAvatar name={user.name} image={user.avatarImage} size={32} />
        <VisuallyHidden>Account of {user.name}</VisuallyHidden>
      </IconButton>
      <AccountEntries
        open={anchor !== null}
        anchor={anchor}
        onClose={() => setAnchor(null)}
        user={user}
        onSignOut={onSignOut}
      />
    </>
  )
}
