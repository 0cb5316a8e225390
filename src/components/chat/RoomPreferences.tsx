import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import Switch from '@mui/material/Switch'
import type { Room } from '@/contracts/chat'
import { isMuted } from '@/contracts/isMuted'
import { useNow } from '../ui/useNow'

/** The last moment that a date of the wire can say: until it is switched off. */
const FOREVER = '9999-12-31T23:59:59.999Z'

interface Props {
  room: Room
  busy: boolean
  onChange: (change: { mutedUntil: string | null } | { pinned: boolean }) => void
}

/** What this person prefers; nobody else hears of it. */
export function RoomPreferences({ room, busy, onChange }: Props) {
  const now = useNow()
  return (
    <FormGroup>
      <FormControlLabel
        label="Mute"
        control={
          <Switch
            checked={isMuted(room, now)}
            disabled={busy}
            onChange={(_, on) => onChange({ mutedUntil: on ? FOREVER : null })}
          />
        }
      />
      <FormControlLabel
        label="Pin to the top of the list"
        control={
          <Switch
            checked={room.pinnedAt !== undefined}
            disabled={busy}
            onChange={(_, pinned) => onChange({ pinned })}
          />
        }
      />
    </FormGroup>
  )
}
