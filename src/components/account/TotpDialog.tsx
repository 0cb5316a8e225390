import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import Typography from '@mui/material/Typography'
import { QRCodeSVG } from 'qrcode.react'
import { type FormEvent, useId, useState } from 'react'
import type { TotpSetup } from '@/contracts/account'
import { CodeField } from '../auth/CodeField'
import { useSubmit } from './useSubmit'

interface Props {
  /** Undefined: closed. */
  setup: TotpSetup | undefined
  onClose: () => void
  /** Its failure is shown here. */
  onConfirm: (code: string) => Promise<void>
}

/** The QR code for an authenticator app, drawn by this page and nobody else, and the app's first code. */
export function TotpDialog({ setup, onClose, onConfirm }: Props) {
  const [code, setCode] = useState('')
  // Stays while the dialog fades out.
  const [shown, setShown] = useState(setup)
  const { busy, failure, submit, reset } = useSubmit(['code'])
  const titleId = useId()
  if (setup !== undefined && setup !== shown) setShown(setup)

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
    <Dialog
      open={setup !== undefined}
      onClose={busy ? undefined : close}
      fullWidth
      maxWidth="xs"
      aria-labelledby={titleId}
    >
      <form onSubmit={confirm} noValidate>
        <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
          Scan this with your app
        </DialogTitle>
        <DialogContent>
          {shown && (
            <>
              {/* Cameras want dark on light, whatever the page's colours are. */}
              <Box sx={{ bgcolor: '#fff', p: 2, borderRadius: 2, width: 'fit-content', mx: 'auto', lineHeight: 0 }}>
                <QRCodeSVG value={shown.uri} size={184} title="QR code for an authenticator app" />
              </Box>
              <Typography variant="body2" sx={{ color: 'text.secondary', mt: 2 }}>
                Or type this key into it:
              </Typography>
              <Typography component="code" sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}>
                {shown.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
              </Typography>
            </>
          )}
          <DialogContentText sx={{ mt: 2, mb: 1 }}>Then give the six digits that the app shows.</DialogContentText>
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
          <Button type="submit" variant="contained" loading={busy}>
            Turn on
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
