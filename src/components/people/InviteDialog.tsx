'use client'

import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import { type FormEvent, useState } from 'react'
import { useInvite } from '@/hooks/useInvite'
import { EmailField } from '../auth/EmailField'
import { Problem } from '../ui/Problem'
import { ShownOnce } from '../ui/ShownOnce'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'

interface Props {
  open: boolean
  onClose: () => void
}

/** Makes a link that lets one person register. It is shown once: the server keeps no more than its hash. */
export function InviteDialog({ open, onClose }: Props) {
  const invite = useInvite()
  const [email, setEmail] = useState('')
  const [made, setMade] = useState<{ url: string; mailed: boolean }>()
  const url = made?.url
  const [copied, setCopied] = useState(false)
  const { busy, failure, submit, reset } = useSubmit(['email'])

  const close = () => {
    setEmail('')
    setMade(undefined)
    setCopied(false)
    reset()
    onClose()
  }
  const make = (event: FormEvent) => {
    event.preventDefault()
    void submit(async () => setMade(await invite(email)))
  }
  const copy = async () => {
    // Browsers have no clipboard where pages come by plain http: the link can still be marked and copied.
    await navigator.clipboard?.writeText(url ?? '').then(
      () => setCopied(true),
      () => {},
    )
  }

  return (
    <TitledDialog title="Invite somebody" open={open} onClose={busy ? undefined : close} onSubmit={make}>
      <DialogContent>
        <Problem text={failure.message} sx={{ mb: 2 }} />
        {url === undefined ? (
          <>
            <DialogContentText sx={{ mb: 2 }}>
              You get a link with which one person can make an account, within seven days.
            </DialogContentText>
            <EmailField
              label="E-mail (optional)"
              autoComplete="off"
              autoFocus
              fullWidth
              margin="dense"
              value={email}
              onChange={({ target }) => setEmail(target.value)}
              error={failure.fields.email !== undefined}
              helperText={failure.fields.email ?? 'Then the link works with this address only.'}
            />
          </>
        ) : (
          <ShownOnce label="Link" value={url}>
            {made?.mailed
              ? `It is mailed to ${email.trim()}. You can send it yourself as well: it is not shown again, and works once.`
              : 'Send this link to whom you invite. It is not shown again, and works once.'}
          </ShownOnce>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={close} color="inherit" disabled={busy}>
          {url === undefined ? 'Cancel' : 'Done'}
        </Button>
        {url === undefined ? (
          <Button type="submit" variant="contained" loading={busy}>
            Make a link
          </Button>
        ) : (
          <Button variant="contained" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </DialogActions>
    </TitledDialog>
  )
}
