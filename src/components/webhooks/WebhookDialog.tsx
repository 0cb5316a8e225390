'use client'

import CloseRounded from '@mui/icons-material/CloseRounded'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import IconButton from '@mui/material/IconButton'
import type { Theme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useId, useState } from 'react'
import { type Webhook, webhookCommands } from '@/contracts/webhooks'
import { sentenceOf } from '@/hooks/sentenceOf'
import { useCommand } from '@/hooks/useCommand'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { ShownOnce } from '../ui/ShownOnce'
import { Deliveries } from './Deliveries'

interface Props {
  open: boolean
  webhook: Webhook
  onClose: () => void
  onChanged: () => void
}

/** One webhook: switching it on and off, its secret, and what was sent there. */
export function WebhookDialog({ open, webhook, onClose, onChanged }: Props) {
  const call = useCommand()
  const [asked, setAsked] = useState<'secret' | 'delete'>()
  const [secret, setSecret] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const titleId = useId()
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'))
  const { id, url, events, description, enabled } = webhook

  /** Runs an act and says why when it fails. */
  const run = async (act: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      onChanged()
    } catch (error) {
      setProblem(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  const setEnabled = () => run(async () => void (await call(webhookCommands.changeWebhook, { id, enabled: !enabled })))
  const rotate = () => run(async () => setSecret((await call(webhookCommands.rotateWebhookSecret, { id })).secret))
  const remove = () =>
    run(async () => {
      await call(webhookCommands.deleteWebhook, { id })
      onClose()
    })
  const close = () => {
    setSecret(undefined)
    setProblem(undefined)
    onClose()
  }

  return (
    <Dialog
      open={open}
      // Not by a click beside it while there is something to be kept.
      onClose={busy || secret !== undefined ? undefined : close}
      fullWidth
      maxWidth="md"
      fullScreen={isPhone}
      aria-labelledby={titleId}
    >
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pr: 7, pt: 2.5, overflowWrap: 'anywhere' }}>
        {url}
        <Typography variant="body2" component="span" sx={{ display: 'block', color: 'text.secondary' }}>
          {[description, events.join(', ')].filter(Boolean).join(' · ')}
        </Typography>
      </DialogTitle>
      <IconButton aria-label="Close" onClick={close} sx={{ position: 'absolute', right: 12, top: 12 }}>
        <CloseRounded />
      </IconButton>
      <DialogContent sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
        {problem && <Alert severity="error">{problem}</Alert>}
        {!enabled && (
          <Alert severity="warning">
            It is switched off: nothing that happens is told. What was sent can be sent again once it is on.
          </Alert>
        )}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button size="small" variant="outlined" disabled={busy} onClick={setEnabled}>
            {enabled ? 'Switch off' : 'Switch on'}
          </Button>
          <Button size="small" disabled={busy} onClick={() => setAsked('secret')}>
            New secret
          </Button>
          <Button size="small" color="error" disabled={busy} onClick={() => setAsked('delete')}>
            Delete
          </Button>
        </Box>
        {secret !== undefined && (
          <ShownOnce label="Secret" value={secret}>
            Give this secret to the service that is told. It is not shown again; the old one signs beside it for 24
            hours.
          </ShownOnce>
        )}
        {open && <Deliveries webhook={webhook} />}
      </DialogContent>
      <ConfirmDialog
        open={asked === 'secret'}
        title="Make a new secret?"
        confirm="Make a new one"
        onClose={() => setAsked(undefined)}
        onConfirm={rotate}
      >
        The one there is signs beside it for 24 hours. Until then the service has to know the new one.
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'delete'}
        title="Delete this webhook?"
        confirm="Delete"
        onClose={() => setAsked(undefined)}
        onConfirm={remove}
      >
        What was not delivered is not delivered any more, and what was cannot be sent again.
      </ConfirmDialog>
    </Dialog>
  )
}
