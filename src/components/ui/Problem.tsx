import Alert, { type AlertProps } from '@mui/material/Alert'
import Button from '@mui/material/Button'

interface Props extends Pick<AlertProps, 'sx'> {
  /** Undefined: there is none, and nothing is shown. */
  text: string | undefined
  /** Given: it can be tried again. */
  again?: (() => unknown) | undefined
}

/** What did not work, where it would have shown. */
export function Problem({ text, again, ...look }: Props) {
  if (!text) return null
  return (
    <Alert severity="error" action={again && <Button onClick={again}>Try again</Button>} {...look}>
      {text}
    </Alert>
  )
}
