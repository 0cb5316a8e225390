'use client'

import ArrowForwardRounded from '@mui/icons-material/ArrowForwardRounded'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sentenceOf } from '@/hooks/sentenceOf'
import { useAuth } from '@/hooks/useAuth'
import { PersonAvatar } from '../ui/PersonAvatar'

export interface DemoAccount {
  name: string
  email: string
}

interface Props {
  accounts: DemoAccount[]
  next?: string
}

/** One click signs in as somebody who already has conversations. */
export function DemoAccounts({ accounts, next = '/chat' }: Props) {
  const { enterDemo } = useAuth()
  const router = useRouter()
  const [busy, setBusy] = useState<string>()
  const [problem, setProblem] = useState<string>()

  const enter = async ({ email }: DemoAccount) => {
    setBusy(email)
    setProblem(undefined)
    try {
      await enterDemo({ email })
      router.replace(next)
    } catch (error) {
      setBusy(undefined)
      setProblem(sentenceOf(error))
    }
  }

  return (
    <Stack sx={{ gap: 1 }}>
      {problem && <Alert severity="error">{problem}</Alert>}
      {accounts.map((account) => (
        <Button
          key={account.email}
          variant="outlined"
          color="inherit"
          disabled={busy !== undefined && busy !== account.email}
          loading={busy === account.email}
          onClick={() => enter(account)}
          sx={{
            justifyContent: 'flex-start',
            py: 1,
            px: 1.5,
            borderColor: 'divider',
            bgcolor: 'background.paper',
            gap: 1.5,
            '&:hover': { borderColor: 'primary.main', bgcolor: 'background.paper' },
          }}
        >
          <PersonAvatar name={account.name} size={32} />
          Continue as {account.name}
          <ArrowForwardRounded fontSize="small" sx={{ ml: 'auto', color: 'text.secondary' }} />
        </Button>
      ))}
    </Stack>
  )
}
