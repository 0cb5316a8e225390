'use client'

import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import TextField from '@mui/material/TextField'
import { type FormEvent, useId, useState } from 'react'
import { limits } from '@/contracts/limits'
import { type WebhookType, webhookCommands, webhookTypes } from '@/contracts/webhooks'
import { useCommand } from '@/hooks/useCommand'
import { Problem } from '../ui/Problem'
import { ShownOnce } from '../ui/ShownOnce'
import { TitledDialog } from '../ui/TitledDialog'
import { useSubmit } from '../ui/useSubmit'

interface Props {
  open: boolean
  onClose: () => void
  onMade: () => void
}

/** Makes a webhook and shows its secret: that is said once. */
export function NewWebhookDialog({ open, onClose, onMade }: Props) {
  const call = useCommand()
  const [url, setUrl] = useState('')
  const [description, setDescription] = useState('')
  const [events, setEvents] = useState<readonly WebhookType[]>([])
  const [secret, setSecret] = useState<string>()
  const { busy, failure, submit, reset } = useSubmit(['url', 'description', 'events'])
  const eventsId = useId()

  const close = () => {
    setUrl('')
    setDescription('')
    setEvents([])
    setSecret(undefined)
    reset()
    onClose()
  }
  const make = (event: FormEvent) => {
    event.preventDefault()
    void submit(async () => {
      const made = await call(webhookCommands.createWebhook, { url: url.trim(), events: [...events], description })
      setSecret(made.secret)
      onMade()
    })
  }

  return (
    <TitledDialog
      title="New webhook"
      open={open}
      // Not by a click beside it while there is something to be kept.
      onClose={busy || secret !== undefined ? undefined : close}
      maxWidth="sm"
      onSubmit={make}
    >
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Problem text={failure.message} />
        {secret === undefined ? (
          <>
            <TextField
              label="Address"
              placeholder="https://"
              type="url"
              autoFocus
              fullWidth
              margin="dense"
              value={url}
              onChange={({ target }) => setUrl(target.value)}
              error={failure.fields.url !== undefined}
              helperText={failure.fields.url}
            />
            <TextField
              label="What it is for (optional)"
              fullWidth
              margin="dense"
              value={description}
              onChange={({ target }) => setDescription(target.value)}
              error={failure.fields.description !== undefined}
              helperText={failure.fields.description}
              slotProps={{ htmlInput: { maxLength: limits.webhookDescription } }}
            />
            <FormGroup role="group" aria-labelledby={eventsId}>
              <FormLabel id={eventsId}>Events</FormLabel>
              {webhookTypes.map((type) => (
                <FormControlLabel
                  key={type}
                  label={type}
                  control={
                    <Checkbox
                      size="small"
                      checked={events.includes(type)}
                      onChange={(_, on) => setEvents(on ? [...events, type] : events.filter((one) => one !== type))}
                    />
                  }
                />
              ))}
              {failure.fields.events && <FormHelperText error>{failure.fields.events}</FormHelperText>}
            </FormGroup>
          </>
        ) : (
          <ShownOnce label="Secret" value={secret}>
            Give this secret to the service that is told: by it, it knows that a request is from here. It is not shown
            again.
          </ShownOnce>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={close} color="inherit" disabled={busy}>
          {secret === undefined ? 'Cancel' : 'Done'}
        </Button>
        {secret === undefined && (
          <Button type="submit" variant="contained" loading={busy}>
            Make webhook
          </Button>
        )}
      </DialogActions>
    </TitledDialog>
  )
}
