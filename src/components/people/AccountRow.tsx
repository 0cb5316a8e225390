import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Chip from '@mui/material/Chip'
import Typography from '@mui/material/Typography'
import type { Account } from '@/contracts/people'
import { PersonAvatar } from '../ui/PersonAvatar'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { sessionsText } from './words'

interface Props {
  account: Account
  isSelf: boolean
  onOpen: () => void
}

export function AccountRow({ account, isSelf, onOpen }: Props) {
  const { name, email, avatarImage, role, disabled, permissions, sessions } = account
  const { added, removed } = permissions
  const own = [added.length > 0 && `${added.length} added`, removed.length > 0 && `${removed.length} removed`]
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '40px minmax(0, 1fr) auto', sm: '40px minmax(0, 1.4fr) minmax(0, 1fr) auto' },
        alignItems: 'center',
        columnGap: 1.5,
        rowGap: 0.5,
        py: 1.25,
        borderBottom: '1px solid',
        borderColor: 'divider',
      }}
    >
      <PersonAvatar name={name} image={avatarImage} size={40} />
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="subtitle1" component="p" noWrap title={name}>
          {name}
          {isSelf && (
            <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450 }}>
              {' '}
              · you
            </Box>
          )}
        </Typography>
        <Typography variant="body2" noWrap title={email} sx={{ color: 'text.secondary' }}>
          {email}
        </Typography>
      </Box>
      <Box sx={{ minWidth: 0, gridRow: { xs: 2, sm: 'auto' }, gridColumn: { xs: '2 / -1', sm: 'auto' } }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
          {role === 'admin' && <Chip size="small" color="primary" variant="outlined" label="Administrator" />}
          {disabled && <Chip size="small" color="error" variant="outlined" label="Disabled" />}
          {own.some(Boolean) && <Chip size="small" variant="outlined" label={own.filter(Boolean).join(', ')} />}
        </Box>
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.25 }}>
          {sessionsText(sessions)}
        </Typography>
      </Box>
      <Button size="small" onClick={onOpen} sx={{ gridRow: 1, gridColumn: { xs: 3, sm: 4 } }}>
        Change
        <VisuallyHidden> {name}</VisuallyHidden>
      </Button>
    </Box>
  )
}
