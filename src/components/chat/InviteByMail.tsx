import MailOutlineRounded from '@mui/icons-material/MailOutlineRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { useInvite } from '@/hooks/useInvite'
import { useSubmit } from '../ui/useSubmit'

/** For whom an administrator looked for and did not find: a mail with a link, with which they make an account. */
export function InviteByMail({ email }: { email: string }) {
  const invite = useInvite()
  const [sent, setSent] = useState(false)
  const { busy, failure, submit } = useSubmit(['email'])
  const problem = failure.message ?? failure.fields.email
  const send = async () => setSent(await submit(() => invite(email)))

  return (
    <Box
      role="status"
      sx={{ display: 'grid', justifyItems: 'center', gap: 1.5, mt: 2, px: 1, overflowWrap: 'anywhere' }}
    >
      {problem && <Alert severity="error">{problem}</Alert>}
      {sent ? (
        <Alert severity="success">
          An invite is on its way to {email}. You find them here once they have an account.
        </Alert>
      ) : (
        <Button variant="outlined" startIcon={<MailOutlineRounded />} loading={busy} onClick={send}>
          Invite {email}
        </Button>
      )}
    </Box>
  )
}
