'use client'

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import DialogContent from '@mui/material/DialogContent'
import type { Theme } from '@mui/material/styles'
import useMediaQuery from '@mui/material/useMediaQuery'
import { useState } from 'react'
import { type Webhook, webhookCommands } from '@/contracts/webhooks'
import { useCommand } from '@/hooks/useCommand'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { Problem } from '../ui/Problem'
import { ShownOnce } from '../ui/ShownOnce'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'
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
  const { busy, failure, submit, reset } = useSubmit([])
  const isPhone = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'))
  const { id, url, events, description, enabled } = webhook

  const run = async (act: () => Promise<unknown>) => {
    if (await submit(act)) onChanged()
  }
  const setEnabled = () => run(() => call(webhookCommands.changeWebhook, { id, enabled: !enabled }))
  const rotate = () => run(async () => setSecret((await call(webhookCommands.rotateWebhookSecret, { id })).secret))
  const remove = () =>
    run(async () => {
      await call(webhookCommands.deleteWebhook, { id })
      onClose()
    })
  const close = () => {
    setSecret(undefined)
    reset()
    onClose()
  }

  return (
    <TitledDialog
      title={url}
      detail={[description, events.join(', ')].filter(Boolean).join(' · ')}
      open={open}
      // Not by a click beside it while there is something to be kept.
      onClose={busy || secret !== undefined ? undefined : close}
      closeButton={close}
      maxWidth="md"
      fullScreen={isPhone}
    >
      <DialogContent sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
        <Problem text={failure.message} />
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
    </TitledDialog>
  )
}
