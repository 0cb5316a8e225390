import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'

interface Props {
  open: boolean
  onClose: () => void
  onClear: () => Promise<void>
}

/** Asks first: unlike a single deletion, this cannot be undone. */
export function ClearAllDialog({ open, onClose, onClear }: Props) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const titleId = useId()
  const textId = useId()

  const close = () => {
    setFailed(false)
    onClose()
  }
  const clear = async () => {
    setBusy(true)
    setFailed(false)
    try {
      await onClear()
      onClose()
    } catch {
      setFailed(true)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog open={open} onClose={close} fullWidth maxWidth="xs" aria-labelledby={titleId} aria-describedby={textId}>
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
        Clear all notifications?
      </DialogTitle>
      <DialogContent>
        <DialogContentText id={textId}>
          They are deleted on all your devices, and this cannot be undone. Your chats stay as they are.
        </DialogContentText>
        {failed && (
          <Alert severity="error" sx={{ mt: 2 }}>
            They could not be cleared. Please try again.
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={close} color="inherit">
          Cancel
        </Button>
        <Button onClick={clear} color="error" variant="contained" loading={busy}>
          Clear all
        </Button>
      </DialogActions>
    </Dialog>
  )
}
