import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type ReactNode, useId, useState } from 'react'
import { useNotificationPreferences } from '@/hooks/useNotificationPreferences'
import { askForDesktop, desktopState } from './desktop'
import { kindNames, kinds } from './kinds'
import { playChime } from './sound'

interface Props {
  open: boolean
  onClose: () => void
}

const desktopHints = {
  unsupported: 'This browser offers none at this address; they need https.',
  denied: 'The browser blocks them for this site. You can allow them in its settings.',
  default: 'The browser will ask you once whether Tandem may show them.',
  granted: 'Shown while Tandem is not in front.',
} as const

/** How this browser calls for attention. Permission for desktop notifications is asked for here and nowhere else. */
export function PreferencesDialog({ open, onClose }: Props) {
  const { preferences, save } = useNotificationPreferences()
  const { muted, quiet, sound, desktop } = preferences
  const [kept, setKept] = useState(true)
  const titleId = useId()
  const permission = desktopState()

  const change = (changes: Parameters<typeof save>[0]) => setKept(save(changes))
  const setDesktop = async (on: boolean) => change({ desktop: on && (await askForDesktop()) })

  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby={titleId}>
      <DialogTitle id={titleId} variant="h3" component="h2" sx={{ pt: 2.5 }}>
        Preferences
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2.5 }}>
        <Group title="Call attention to" hint="What is switched off still appears in the list, quietly.">
          {kindNames.map((kind) => (
            <Choice
              key={kind}
              label={kinds[kind].label}
              checked={!muted.includes(kind)}
              onChange={(on) => change({ muted: on ? muted.filter((other) => other !== kind) : [...muted, kind] })}
            />
          ))}
        </Group>
        <Group title="Alerts in this browser" hint={desktopHints[permission]}>
          <Choice
            label="Sound"
            checked={sound}
            onChange={(on) => {
              change({ sound: on })
              if (on) playChime()
            }}
          />
          <Choice
            label="Desktop notifications"
            checked={desktop && permission === 'granted'}
            disabled={permission === 'unsupported' || permission === 'denied'}
            onChange={setDesktop}
          />
        </Group>
        <Group title="Do not disturb">
          <Choice
            label="Every day, from and to"
            checked={quiet.enabled}
            onChange={(enabled) => change({ quiet: { ...quiet, enabled } })}
          />
          <Box sx={{ display: 'flex', gap: 1.5, mt: 1 }}>
            {(['from', 'to'] as const).map((end) => (
              <TextField
                key={end}
                type="time"
                size="small"
                label={end === 'from' ? 'From' : 'To'}
                disabled={!quiet.enabled}
                value={quiet[end]}
                onChange={({ target }) => {
                  // Empty while it is being typed.
                  if (target.value) change({ quiet: { ...quiet, [end]: target.value } })
                }}
                slotProps={{ inputLabel: { shrink: true } }}
                sx={{ flex: 1 }}
              />
            ))}
          </Box>
        </Group>
        {!kept && <FormHelperText error>This browser keeps nothing, so these cannot be saved.</FormHelperText>}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2.5 }}>
        <Button onClick={onClose} variant="contained">
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Group({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
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

const Choice = ({ label, checked, disabled = false, onChange }: ChoiceProps) => (
  <FormControlLabel
    label={label}
    labelPlacement="start"
    disabled={disabled}
    control={<Switch checked={checked} onChange={(_, on) => onChange(on)} />}
    sx={{ display: 'flex', justifyContent: 'space-between', m: 0, minHeight: 40 }}
  />
)
