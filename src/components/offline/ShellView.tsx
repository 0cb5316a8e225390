'use client'

import CloudOffOutlined from '@mui/icons-material/CloudOffOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import { isChatPath } from '@/contracts/shell'
import { useAuth } from '@/hooks/useAuth'
import { ChatPanes } from '../chat/ChatPanes'
import { AppShell } from '../ui/AppShell'
import { StatePanel } from '../ui/StatePanel'

/** The chat of whom this browser kept it for, at whatever address of it one is; elsewhere it says that nothing was reached. */
export function ShellView() {
  const { resume } = useAuth()
  const pathname = usePathname()
  const [isSomebodys, setIsSomebodys] = useState<boolean>()
  useEffect(() => {
    void resume().then(setIsSomebodys)
  }, [resume])

  // The server knew neither the address nor the person.
  if (isSomebodys === undefined) return null
  if (isSomebodys && isChatPath(pathname)) {
    return (
      <AppShell>
        <ChatPanes given={nothing} />
      </AppShell>
    )
  }
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'flex' }}>
      <StatePanel
        heading="h1"
        icon={<CloudOffOutlined />}
        title="Tandem cannot be reached"
        actions={
          <>
            <Button variant="contained" onClick={() => window.location.reload()}>
              Try again
            </Button>
            {isSomebodys && <Button href="/chat">To your conversations</Button>}
          </>
        }
      >
        {isSomebodys
          ? 'This page needs a connection. The latest conversations are kept in this browser.'
          : 'Check the connection, and try again.'}
      </StatePanel>
    </Box>
  )
}

const nothing = { userId: '', rooms: undefined }
