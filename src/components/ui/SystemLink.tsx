'use client'

import MonitorHeart from '@mui/icons-material/MonitorHeartOutlined'
import Button from '@mui/material/Button'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** The way to the pages for admins. */
export function SystemLink({ href }: { href: string }) {
  const here = usePathname().startsWith('/system/')
  return (
    <Button
      component={Link}
      href={href}
      color="inherit"
      size="small"
      aria-current={here ? 'true' : undefined}
      startIcon={<MonitorHeart fontSize="small" />}
      sx={{ px: 1.5, fontWeight: 550 }}
    >
      System
    </Button>
  )
}
