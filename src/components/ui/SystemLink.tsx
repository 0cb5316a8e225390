'use client'

import MonitorHeart from '@mui/icons-material/MonitorHeartOutlined'
import Button from '@mui/material/Button'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** The way to the system's health; for admins. */
export function SystemLink() {
  const here = usePathname().startsWith('/system/')
  return (
    <Button
      component={Link}
      href="/system/health"
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
