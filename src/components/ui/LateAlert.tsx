import type { AlertProps } from '@mui/material/Alert'
import { late } from './late'

/** An alert that few see on a page that many load: its code comes late. */
export const LateAlert = late<AlertProps & { open: boolean }>(async () => {
  const { default: Alert } = await import('@mui/material/Alert')
  return ({ open, ...alert }) => (open ? <Alert {...alert} /> : null)
})
