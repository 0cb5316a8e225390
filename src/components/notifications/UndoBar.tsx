import Button from '@mui/material/Button'
import Portal from '@mui/material/Portal'
import Snackbar from '@mui/material/Snackbar'
import SnackbarContent from '@mui/material/SnackbarContent'
import type { Bell } from '@/hooks/useBell'

/** There as long as something deleted can still be brought back. Inside the list's panel, where the focus is. */
export function UndoBar({ bell: { removing, undoRemove } }: { bell: Bell }) {
  if (removing.length === 0) return null
  const undo = () => {
    for (const id of removing) undoRemove(id)
  }

  return (
    <SnackbarContent
      role="status"
      message={removing.length === 1 ? 'Notification deleted' : `${removing.length} notifications deleted`}
      action={
        <Button size="small" onClick={undo} sx={{ color: 'inherit', textDecoration: 'underline' }}>
          Undo
        </Button>
      }
    />
  )
}

/** The same, once the list it was deleted from is closed. */
export function UndoSnackbar({ open, bell }: { open: boolean; bell: Bell }) {
  if (!open) return null
  return (
    <Portal>
      <Snackbar open anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}>
        <div>
          <UndoBar bell={bell} />
        </div>
      </Snackbar>
    </Portal>
  )
}
