'use client'

import Alert from '@mui/material/Alert'
import { useState } from 'react'
import { useSocketConnection } from '@/hooks/useSocketConnection'

/** Said where it matters: above the composer, when the browser refuses to keep what waits to be sent. */
export function StorageNotice() {
  const { storageWarning } = useSocketConnection()
  const [dismissed, setDismissed] = useState(false)
  if (!storageWarning || dismissed) return null
  return (
    <Alert severity="warning" onClose={() => setDismissed(true)} sx={{ mx: { xs: 1.5, md: 3 }, mt: 1 }}>
      {storageWarning}
    </Alert>
  )
}
