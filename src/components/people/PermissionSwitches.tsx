import Box from '@mui/material/Box'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import type { AccountsPage } from '@/contracts/people'
import { type Permission, permissions, permissionTable } from '@/contracts/permissions'
import { Group } from '../ui/Group'
import { type Draft, isOn, type Standing, standingOf, withPermission } from './permissionDraft'

interface Props {
  draft: Draft
  roles: AccountsPage['roles']
  /** Whether this one may be switched by the person who looks. */
  isOpen: (permission: Permission, on: boolean) => boolean
  onChange: (draft: Draft) => void
}

const groups = [
  { title: 'Using Tandem', names: permissions.filter((name) => !name.startsWith('admin:')) },
  { title: 'Administration', names: permissions.filter((name) => name.startsWith('admin:')) },
]

const colours: Record<Standing, string> = {
  'by role': 'text.secondary',
  'not by role': 'text.secondary',
  added: 'primary.main',
  removed: 'warning.main',
}

/** A switch for each permission, with where it comes from: the role, or what was added or removed for this person. */
export function PermissionSwitches({ draft, roles, isOpen, onChange }: Props) {
  return groups.map(({ title, names }) => (
    <Group key={title} title={title}>
      {names.map((permission) => {
        const standing = standingOf(draft, roles, permission)
        const on = isOn(standing)
        return (
          <PermissionSwitch
            key={permission}
            permission={permission}
            standing={standing}
            disabled={!isOpen(permission, on)}
            onChange={() => onChange(withPermission(draft, roles, permission, !on))}
          />
        )
      })}
    </Group>
  ))
}

interface SwitchProps {
  permission: Permission
  standing: Standing
  disabled: boolean
  onChange: () => void
}

function PermissionSwitch({ permission, standing, disabled, onChange }: SwitchProps) {
  const id = useId()
  const noteId = useId()
  const words = permissionTable[permission]
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 40 }}>
      <Typography component="label" htmlFor={id} variant="body2" sx={{ flex: 1, minWidth: 0 }}>
        {words.charAt(0).toUpperCase() + words.slice(1)}
      </Typography>
      <Typography
        id={noteId}
        variant="caption"
        sx={{ color: colours[standing], fontWeight: standing === 'added' || standing === 'removed' ? 650 : 450 }}
      >
        {standing}
      </Typography>
      <Switch
        checked={isOn(standing)}
        disabled={disabled}
        onChange={onChange}
        slotProps={{ input: { id, 'aria-describedby': noteId } }}
      />
    </Box>
  )
}
