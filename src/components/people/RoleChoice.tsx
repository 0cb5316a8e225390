import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { Role, roles } from '@/contracts/permissions'
import { roleNames } from './words'

interface Props {
  role: Role
  disabled: boolean
  onChange: (role: Role) => void
}

export const RoleChoice = ({ role, disabled, onChange }: Props) => (
  <FormControl disabled={disabled}>
    <FormLabel sx={{ typography: 'subtitle1', color: 'text.primary', '&.Mui-focused': { color: 'text.primary' } }}>
      Role
    </FormLabel>
    <RadioGroup row value={role} onChange={(_, value) => onChange(Role.parse(value))}>
      {roles.map((name) => (
        <FormControlLabel key={name} value={name} label={roleNames[name]} control={<Radio />} sx={{ mr: 3 }} />
      ))}
    </RadioGroup>
  </FormControl>
)
