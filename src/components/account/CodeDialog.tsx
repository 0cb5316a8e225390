import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import { type FormEvent, useId, useState } from 'react'
import { CodeField } from '../auth/CodeField'
import { useSubmit } from './useSubmit'

interface Props {
  open: boolean
  onClose: () => void
  /** Its failure is shown here. */
  onConfirm: (code: string) => Promise<void>
}

/** Removing the second factor takes it once more. */
export function CodeDialog({ open, onClose, onConfirm }: Props) {
  const [code, setCode] = useState('')
  const { busy, failure, submit, reset } = useSubmit(['code'])
  const titleId = useId()

  const close = () => {
    setCode('')
    reset()
    onClose()
  }
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    if (await submit(() => onConfirm(code))) close()
  }

  return (
    <Dialog open={open} onClose={busy ? undefined : close} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <form onSubmit={confirm} noValidate>
        <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
          Remove the second factor?
        </DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>
            Afterwards your password alone opens this account. Give a code of your app, or a recovery code.
          </DialogContentText>
          {failure.message && (
            <Alert severity="error" sx={{ mb: 2 }}>
              {failure.message}
            </Alert>
          )}
          <CodeField
            autoFocus
            fullWidth
            margin="dense"
            value={code}
            onChange={({ target }) => setCode(target.value)}
            problem={failure.fields.code}
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2.5 }}>
          <Button onClick={close} color="inherit" disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" color="error" loading={busy}>
            Remove
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
