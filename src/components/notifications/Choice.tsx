import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'

interface Props {
  label: string
  checked: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}

export const Choice = ({ label, checked, disabled = false, onChange }: Props) => (
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
