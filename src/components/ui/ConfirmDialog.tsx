import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import { type ReactNode, useId } from 'react'
import { Problem } from './Problem'
import { TitledDialog } from './TitledDialog'

interface Props {
  open: boolean
  title: string
  /** What follows. */
  children: ReactNode
  /** Below it. */
  notice?: ReactNode
  /** On the button that does it. */
  confirm: string
  /** It is not closed by its button: what is done may fail, and then it says why. */
  keepsOpen?: boolean
  busy?: boolean
  problem?: string | undefined
  onClose: () => void
  /** Undefined: it cannot be done now. */
  onConfirm: (() => void) | undefined
}

/** Asks once more before something that cannot be undone with a click. */
export function ConfirmDialog({ open, title, children, notice, confirm, onClose, onConfirm, ...doing }: Props) {
  const { keepsOpen = false, busy = false, problem } = doing
  const textId = useId()
  return (
    <TitledDialog title={title} open={open} onClose={busy ? undefined : onClose} aria-describedby={textId}>
      <DialogContent>
        <DialogContentText id={textId} sx={{ overflowWrap: 'anywhere' }}>
          {children}
        </DialogContentText>
        {notice}
        <Problem text={problem} sx={{ mt: 2 }} />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} color="inherit" disabled={busy}>
          Cancel
        </Button>
        <Button
          color="error"
          variant="contained"
          loading={busy}
          disabled={!onConfirm}
          onClick={() => {
            if (!keepsOpen) onClose()
            onConfirm?.()
          }}
        >
          {confirm}
        </Button>
      </DialogActions>
    </TitledDialog>
  )
}
