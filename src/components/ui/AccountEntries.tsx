import LogoutOutlined from '@mui/icons-material/LogoutOutlined'
import ManageAccountsOutlined from '@mui/icons-material/ManageAccountsOutlined'
import MonitorHeartOutlined from '@mui/icons-material/MonitorHeartOutlined'
import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import MenuItem from '@mui/material/MenuItem'
import type { Theme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import useMediaQuery from '@mui/material/useMediaQuery'
import Link from 'next/link'
import type { CurrentUser } from '@/contracts/users'
import { PopupMenu, type PopupMenuProps } from './PopupMenu'
import { systemPagesOf } from './systemPages'

interface Props extends Omit<PopupMenuProps, 'label'> {
  user: CurrentUser
  onSignOut: () => void
}

/** Who is signed in, and what concerns their account. */
export function AccountEntries({ user, onSignOut, ...menu }: Props) {
  const [system] = systemPagesOf(user)
  // Elsewhere the header has room for it. Left out, not hidden: the menu gives the focus to its first entry.
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), { noSsr: true })

  return (
    <PopupMenu {...menu} label="Account">
      <Box component="li" role="none" sx={{ px: 2, pt: 0.5, pb: 1.25, maxWidth: 280 }}>
        <Typography variant="subtitle1" component="p" noWrap>
          {user.name}
        </Typography>
        <Typography variant="body2" noWrap sx={{ color: 'text.secondary' }}>
          {user.email}
        </Typography>
      </Box>
      <Divider component="li" role="none" sx={{ mb: 1 }} />
      {system && isPhone && (
        <MenuItem component={Link} href={system.href} onClick={menu.onClose}>
          <ListItemIcon>
            <MonitorHeartOutlined fontSize="small" />
          </ListItemIcon>
          <ListItemText>System</ListItemText>
        </MenuItem>
      )}
      <MenuItem component={Link} href="/account" onClick={menu.onClose}>
        <ListItemIcon>
          <ManageAccountsOutlined fontSize="small" />
        </ListItemIcon>
        <ListItemText>Account</ListItemText>
      </MenuItem>
      <MenuItem
        onClick={() => {
          menu.onClose()
          onSignOut()
        }}
      >
        <ListItemIcon>
          <LogoutOutlined fontSize="small" />
        </ListItemIcon>
        <ListItemText>Sign out</ListItemText>
      </MenuItem>
    </PopupMenu>
  )
}
