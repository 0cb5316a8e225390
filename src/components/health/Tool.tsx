import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

interface Props {
  title: string
  /** What pressing the button does. */
  text: string
  button: string
  busy: boolean
  disabled: boolean
  onRun: () => void
  /** Read aloud when it changes. */
  result?: ReactNode
  problem?: string | undefined
  children?: ReactNode
}

/** One diagnostic: what it does, a button, and what came of it. */
export function Tool({ title, text, button, busy, disabled, onRun, result, problem, children }: Props) {
  return (
    <Stack sx={{ gap: 1, alignItems: 'flex-start', minWidth: 0 }}>
      <Typography variant="body2" component="h3" sx={{ fontWeight: 600 }}>
        {title}
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', textWrap: 'pretty' }}>
        {text}
      </Typography>
      {children}
      <Button variant="outlined" size="small" onClick={onRun} loading={busy} disabled={disabled} sx={{ mt: 0.5 }}>
        {button}
      </Button>
      <Typography
        role="status"
        variant="body2"
        component="div"
        sx={{ fontVariantNumeric: 'tabular-nums', color: problem ? 'error.main' : 'text.primary', minHeight: '1.45em' }}
      >
        {problem ?? result}
      </Typography>
    </Stack>
  )
}
