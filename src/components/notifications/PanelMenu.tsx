import DeleteSweepOutlined from '@mui/icons-material/DeleteSweepOutlined'
import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import MoreHorizRounded from '@mui/icons-material/MoreHorizRounded'
import TuneRounded from '@mui/icons-material/TuneRounded'
import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'

interface Props {
  /** Undefined: there is nothing to mark. */
  onMarkAllRead: (() => void) | undefined
  /** Undefined: there is nothing to clear. */
  onClearAll: (() => void) | undefined
  onPreferences: () => void
}

/** What concerns all notifications at once. */
export function PanelMenu({ onMarkAllRead, onClearAll, onPreferences }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const entries = [
    { label: 'Mark all as read', Icon: DoneAllRounded, act: onMarkAllRead },
    { label: 'Clear all', Icon: DeleteSweepOutlined, act: onClearAll },
    { label: 'Preferences', Icon: TuneRounded, act: onPreferences },
  ]

  return (
    <>
      <Tooltip title="More">
        <IconButton
          aria-label="More for notifications"
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <MoreHorizRounded fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{
          list: { 'aria-label': 'Notifications' },
          paper: { role: 'region', 'aria-label': 'Notifications' },
        }}
      >
        {entries.map(({ label, Icon, act }) => (
          <MenuItem
            key={label}
            disabled={act === undefined}
            onClick={() => {
              setAnchor(null)
              act?.()
            }}
          >
            <ListItemIcon>
              <Icon fontSize="small" />
            </ListItemIcon>
            <ListItemText>{label}</ListItemText>
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
