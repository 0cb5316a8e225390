import Box from '@mui/material/Box'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from './Logo'
import { ThemeMenu } from './ThemeMenu'

/** Header of the pages one sees before signing in. */
export function PublicHeader({ children }: { children?: ReactNode }) {
  return (
    <Box
      component="header"
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: { xs: 2, md: 4 },
        py: 1.5,
        maxWidth: 1280,
        mx: 'auto',
        width: '100%',
      }}
    >
      <Link href="/" aria-label="Tandem, home" style={{ textDecoration: 'none' }}>
        <Logo size={24} />
      </Link>
      <Box sx={{ flex: 1 }} />
      <ThemeMenu />
      {children}
    </Box>
  )
}
