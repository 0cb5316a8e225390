import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { PasswordField } from '../auth/PasswordField'
import { useSubmit } from './useSubmit'

interface Props {
  open: boolean
  title: string
  text: ReactNode
  action: string
  danger?: boolean
  /** False: this person has no password, and is asked for none. */
  asks: boolean
  onClose: () => void
  /** Its failure is shown here. */
  onConfirm: (password: string | undefined) => Promise<void>
}

/** Asks for the password again before what should not happen on a computer somebody walked away from. */
export function PasswordDialog({ open, title, text, action, danger = false, asks, onClose, onConfirm }: Props) {
  const [password, setPassword] = useState('')
  const { busy, failure, submit, reset } = useSubmit(['password'])
  const titleId = useId()

  const close = () => {
    setPassword('')
    reset()
    onClose()
  }
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    if (await submit(() => onConfirm(asks ? password : undefined))) close()
  }

  return (
    <Dialog open={open} onClose={busy ? undefined : close} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <form onSubmit={confirm} noValidate>
        <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
          {title}
        </DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>{text}</DialogContentText>
          {failure.message && (
            <Alert severity="error" sx={{ mb: 2 }}>
              {failure.message}
            </Alert>
          )}
          {asks && (
            <PasswordField
              label="Your password"
              autoComplete="current-password"
              autoFocus
              fullWidth
              value={password}
              onChange={({ target }) => setPassword(target.value)}
              error={failure.fields.password !== undefined}
              helperText={failure.fields.password}
              margin="dense"
            />
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={close} color="inherit" disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} loading={busy}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
