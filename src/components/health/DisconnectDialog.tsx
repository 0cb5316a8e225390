import Alert from '@mui/material/Alert'
import { useState } from 'react'
import type { HealthActions } from '@/client/health/view'
import type { ConnectionInfo } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import { useAuth } from '@/hooks/useAuth'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { useSubmit } from '../ui/useSubmit'

interface Props {
  /** Undefined: closed. */
  connection: ConnectionInfo | undefined
  actions: HealthActions | null
  onClose: () => void
  onDone: (connection: ConnectionInfo, sentence: string) => void
}

/** Asks before somebody's connection is closed, and says whose and where. */
export function DisconnectDialog({ connection, actions, onClose, onDone }: Props) {
  const { busy, failure, submit, reset } = useSubmit([])
  // Stays while the dialog fades out.
  const [shown, setShown] = useState(connection)
  const { user } = useAuth()
  if (connection !== undefined && connection !== shown) {
    setShown(connection)
    reset()
  }

  const disconnect = async () => {
    if (connection === undefined || actions === null) return
    let sentence = `The connection of ${connection.userName} was closed, with all its namespaces.`
    const isOver = await submit(() =>
      actions.disconnect(connection.id).catch((error: unknown) => {
        if (!(error instanceof AppError && error.code === 'NOT_FOUND')) throw error
        sentence = 'That connection had already ended.'
      }),
    )
    if (isOver) onDone(connection, sentence)
  }

  return (
    <ConfirmDialog
      open={connection !== undefined}
      title={`Disconnect ${shown?.userName}?`}
      notice={
        shown?.userId === user?.id && (
          <Alert severity="info" sx={{ mt: 2 }}>
            This is one of your own connections.
          </Alert>
        )
      }
      confirm="Disconnect"
      keepsOpen
      busy={busy}
      problem={failure.message}
      onClose={onClose}
      onConfirm={actions ? disconnect : undefined}
    >
      This closes the whole connection on {shown?.instance}: {shown?.namespace} and whatever other namespaces that page
      uses there. The page connects again by itself within seconds, and loses nothing.
    </ConfirmDialog>
  )
}
