import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

interface GroupProps {
  title: string
  hint?: string | undefined
  children: ReactNode
}

/** Choices that belong together. */
export function Group({ title, hint, children }: GroupProps) {
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Typography component="legend" variant="subtitle1" sx={{ p: 0, mb: 0.5 }}>
        {title}
      </Typography>
      {children}
      {hint && (
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 0.5 }}>
          {hint}
        </Typography>
      )}
    </Box>
  )
}

interface ChoiceProps {
  label: string
  checked: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}

export const Choice = ({ label, checked, disabled = false, onChange }: ChoiceProps) => (
  <FormControlLabel
    label={label}
    labelPlacement="start"
    disabled={disabled}
    control={<Switch checked={checked} onChange={(_, on) => onChange(on)} />}
    sx={{
      display: 'flex',
      justifyContent: 'space-between',
      m: 0,
      minHeight: 40,
      '& .MuiFormControlLabel-label': { overflowWrap: 'anywhere', minWidth: 0 },
    }}
  />
)
