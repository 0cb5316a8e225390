import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import type { HealthActions } from '@/client/health/view'
import type { ConnectionInfo } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import { sentenceOf } from '@/hooks/sentenceOf'
import { useAuth } from '@/hooks/useAuth'

interface Props {
  /** Undefined: closed. */
  connection: ConnectionInfo | undefined
  actions: HealthActions | null
  onClose: () => void
  onDone: (connection: ConnectionInfo, sentence: string) => void
}

/** Asks before somebody's connection is closed, and says whose and where. */
export function DisconnectDialog({ connection, actions, onClose, onDone }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  // Stays while the dialog fades out.
  const [shown, setShown] = useState(connection)
  const { user } = useAuth()
  const titleId = useId()
  const textId = useId()
  if (connection !== undefined && connection !== shown) {
    setShown(connection)
    setProblem(undefined)
  }

  const disconnect = async () => {
    if (connection === undefined || actions === null) return
    setBusy(true)
    setProblem(undefined)
    try {
      await actions.disconnect(connection.id)
      onDone(connection, `The connection of ${connection.userName} was closed, with all its namespaces.`)
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') {
        onDone(connection, 'That connection had already ended.')
      } else setProblem(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open={connection !== undefined}
      onClose={busy ? undefined : onClose}
      fullWidth
      maxWidth="xs"
      aria-labelledby={titleId}
      aria-describedby={textId}
    >
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
        Disconnect {shown?.userName}?
      </DialogTitle>
      <DialogContent>
        <DialogContentText id={textId} sx={{ overflowWrap: 'anywhere' }}>
          This closes the whole connection on {shown?.instance}: {shown?.namespace} and whatever other namespaces that
          page uses there. The page connects again by itself within seconds, and loses nothing.
        </DialogContentText>
        {shown?.userId === user?.id && (
          <Alert severity="info" sx={{ mt: 2 }}>
            This is one of your own connections.
          </Alert>
        )}
        {problem && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {problem}
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose} color="inherit" disabled={busy}>
          Cancel
        </Button>
        <Button onClick={disconnect} color="error" variant="contained" loading={busy} disabled={actions === null}>
          Disconnect
        </Button>
      </DialogActions>
    </Dialog>
  )
}
