import TextField, { type TextFieldProps } from '@mui/material/TextField'

/** Six digits of an authenticator app, or a recovery code. */
export const CodeField = ({ problem, ...props }: Omit<TextFieldProps, 'error'> & { problem: string | undefined }) => (
  <TextField
    label="Code"
    autoComplete="one-time-code"
    error={problem !== undefined}
    helperText={problem}
    slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false, maxLength: 40 } }}
    {...props}
  />
)
