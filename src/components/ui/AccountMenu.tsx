'use client'

import LogoutOutlined from '@mui/icons-material/LogoutOutlined'
import MonitorHeartOutlined from '@mui/icons-material/MonitorHeartOutlined'
import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { useState } from 'react'
import type { CurrentUser } from '@/contracts/users'
import { PersonAvatar } from './PersonAvatar'
import { systemPagesOf } from './systemPages'
import { VisuallyHidden } from './VisuallyHidden'

interface Props {
  user: CurrentUser
  onSignOut: () => void
}

export function AccountMenu({ user, onSignOut }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [system] = systemPagesOf(user)

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
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { 'aria-label': 'Account' }, paper: { role: 'region', 'aria-label': 'Account' } }}
      >
        <Box component="li" role="none" sx={{ px: 2, pt: 0.5, pb: 1.25, maxWidth: 280 }}>
          <Typography variant="subtitle1" component="p" noWrap>
            {user.name}
          </Typography>
          <Typography variant="body2" noWrap sx={{ color: 'text.secondary' }}>
            {user.email}
          </Typography>
        </Box>
        <Divider component="li" role="none" sx={{ mb: 1 }} />
        {system && (
          // Elsewhere the header has room for it.
          <MenuItem
            component={Link}
            href={system.href}
            onClick={() => setAnchor(null)}
            sx={{ display: { sm: 'none' } }}
          >
            <ListItemIcon>
              <MonitorHeartOutlined fontSize="small" />
            </ListItemIcon>
            <ListItemText>System</ListItemText>
          </MenuItem>
        )}
        <MenuItem
          onClick={() => {
            setAnchor(null)
            onSignOut()
          }}
        >
          <ListItemIcon>
            <LogoutOutlined fontSize="small" />
          </ListItemIcon>
          <ListItemText>Sign out</ListItemText>
        </MenuItem>
      </Menu>
    </>
  )
}
