import DialogContentText from '@mui/material/DialogContentText'
import TextField from '@mui/material/TextField'

interface Props {
  label: string
  value: string
  /** What to do with it. */
  children: string
}

/** A link or a secret that the server shows this once; all of it is selected when it takes the focus. */
export function ShownOnce({ label, value, children }: Props) {
  return (
    <>
      <DialogContentText sx={{ mb: 1.5 }}>{children}</DialogContentText>
      <TextField
        label={label}
        value={value}
        fullWidth
        multiline
        margin="dense"
        onFocus={({ target }) => target.select()}
        slotProps={{ htmlInput: { readOnly: true } }}
      />
    </>
  )
}
