'use client'

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { useState } from 'react'
import { mailCommands } from '@/contracts/preferences'
import { usePublicCall } from '@/hooks/usePublicCall'
import { useSubmit } from '../ui/useSubmit'
import { AuthCard } from './AuthCard'
import { useFragment } from './useFragment'

/** Opening it changes nothing; its button ends the digests of whoever got the mail. */
export function UnsubscribeView() {
  const call = usePublicCall()
  const [token = ''] = useFragment('token')
  const [done, setDone] = useState(false)
  const { busy, failure, submit } = useSubmit([])
  const end = async () => setDone(await submit(() => call(mailCommands.endDigests, { token })))

  return (
    <AuthCard title="No more mails?" intro="We mail you what you have not read on Tandem. You can end that here.">
      {done ? (
        <Alert severity="success" role="status">
          You get no more of these mails. The preferences of your notifications bring them back.
        </Alert>
      ) : (
        <Stack sx={{ gap: 2 }}>
          {failure.message && <Alert severity="error">{failure.message}</Alert>}
          <Button variant="contained" size="large" loading={busy} onClick={end}>
            No more of these mails
          </Button>
        </Stack>
      )}
    </AuthCard>
  )
}
