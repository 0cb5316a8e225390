'use client'

import ChatBubbleOutlined from '@mui/icons-material/ChatBubbleOutlineRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useUnreadMessages } from '@/hooks/useUnreadMessages'
import { NotificationBell } from '../notifications/NotificationBell'
import { AccountMenu } from './AccountMenu'
import { ConnectionIndicator } from './ConnectionIndicator'
import { CountBadge } from './CountBadge'
import { Logo } from './Logo'
import { ThemeMenu } from './ThemeMenu'
import { VisuallyHidden } from './VisuallyHidden'

interface Props {
  user: CurrentUser
  onSignOut: () => void
  /** Further links beside "Chats". */
  links?: ReactNode
  /** Further buttons before the account. */
  tools?: ReactNode
  hiddenOnPhones: boolean
}

export function AppHeader({ user, onSignOut, links, tools, hiddenOnPhones }: Props) {
  const total = useUnreadMessages()

  return (
    <Box
      component="header"
      sx={{
        flex: 'none',
        display: { xs: hiddenOnPhones ? 'none' : 'flex', md: 'flex' },
        alignItems: 'center',
        gap: { xs: 0.5, sm: 1 },
        minHeight: { xs: 56, md: 60 },
        px: { xs: 2, md: 2.5 },
        bgcolor: 'background.paper',
        borderBottom: '1px solid',
        borderColor: 'divider',
      }}
    >
      <Box
        component={Link}
        href="/chat"
        aria-label="Tandem, to your conversations"
        sx={{ textDecoration: 'none', mr: 2, borderRadius: 1 }}
      >
        <Logo size={22} />
      </Box>
      <Box component="nav" aria-label="Main" sx={{ display: { xs: 'none', sm: 'flex' }, gap: 0.5 }}>
        <Button
          component={Link}
          href="/chat"
          color="inherit"
          size="small"
          startIcon={
            <CountBadge count={total}>
              <ChatBubbleOutlined fontSize="small" />
            </CountBadge>
          }
          sx={{ px: 1.5, gap: 0.5, fontWeight: 550 }}
        >
          Chats
          {total > 0 && <VisuallyHidden>, {total} unread</VisuallyHidden>}
        </Button>
        {links}
      </Box>
      <Box sx={{ flex: 1 }} />
      <ConnectionIndicator />
      {tools}
      {may(user, 'notifications:read') && <NotificationBell />}
      <ThemeMenu />
      <AccountMenu user={user} onSignOut={onSignOut} />
    </Box>
  )
}
