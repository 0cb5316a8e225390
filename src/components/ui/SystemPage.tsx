'use client'

import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { useAuth } from '@/hooks/useAuth'
import { systemPagesOf } from './systemPages'

interface Props {
  title: string
  /** Beside the title. */
  aside?: ReactNode
  /** The widest the content gets, in pixels. */
  maxWidth: number
  children: ReactNode
}

/** What the pages for admins stand in: their links, a title, and the content, which scrolls. */
export function SystemPage({ title, aside, maxWidth, children }: Props) {
  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>
      <Box sx={{ maxWidth, mx: 'auto', px: { xs: 2, md: 3 }, pt: { xs: 2, md: 2.5 }, pb: { xs: 4, md: 6 } }}>
        <SystemNav />
        <Box
          sx={{
            display: 'flex',
            alignItems: 'center',
            flexWrap: 'wrap',
            columnGap: 2,
            rowGap: 0.5,
            mt: { xs: 2, md: 2.5 },
            mb: 2,
          }}
        >
          <Typography variant="h2" component="h1" sx={{ mr: 'auto' }}>
            {title}
          </Typography>
          {aside}
        </Box>
        {children}
      </Box>
    </Box>
  )
}

function SystemNav() {
  const pathname = usePathname()
  const { user } = useAuth()
  return (
    <Box
      component="nav"
      aria-label="System"
      sx={{ display: 'flex', gap: 0.5, overflowX: 'auto', borderBottom: '1px solid', borderColor: 'divider' }}
    >
      {systemPagesOf(user).map(({ href, name }) => {
        const here = href === pathname
        return (
          <Box
            key={href}
            component={Link}
            href={href}
            aria-current={here ? 'page' : undefined}
            sx={{
              px: 1.25,
              py: 1,
              whiteSpace: 'nowrap',
              textDecoration: 'none',
              fontSize: '0.875rem',
              fontWeight: 560,
              color: here ? 'text.primary' : 'text.secondary',
              boxShadow: here ? 'inset 0 -2px 0 var(--mui-palette-primary-main)' : 'none',
              '&:hover': { color: 'text.primary' },
              '&:focus-visible': { outlineOffset: -2 },
            }}
          >
            {name}
          </Box>
        )
      })}
    </Box>
  )
}
