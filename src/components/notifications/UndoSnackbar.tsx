import Button from '@mui/material/Button'
import Snackbar from '@mui/material/Snackbar'
import type { Bell } from '@/hooks/useBell'

/** There as long as something deleted can still be brought back, whichever list it was deleted from. */
export function UndoSnackbar({ bell: { removing, undoRemove } }: { bell: Bell }) {
  const count = removing.length
  const undo = () => {
    for (const id of removing) undoRemove(id)
  }

  return (
    <Snackbar
      open={count > 0}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}
      message={count <= 1 ? 'Notification deleted' : `${count} notifications deleted`}
      action={
        <Button size="small" onClick={undo} sx={{ color: 'inherit', textDecoration: 'underline' }}>
          Undo
        </Button>
      }
      transitionDuration={{ exit: 0 }}
    />
  )
}
