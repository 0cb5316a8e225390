import TextField, { type TextFieldProps } from '@mui/material/TextField'

/** What a person signs in with. */
export const EmailField = (props: TextFieldProps) => (
  <TextField
    label="E-mail"
    type="email"
    autoComplete="username"
    slotProps={{ htmlInput: { inputMode: 'email', autoCapitalize: 'none', spellCheck: false } }}
    {...props}
  />
)
