import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import MenuItem from '@mui/material/MenuItem'
import type { MenuEntry } from './MenuButton'
import { PopupMenu, type PopupMenuProps } from './PopupMenu'

/** The menu of a `MenuButton`. */
export const EntriesMenu = ({ entries, ...menu }: PopupMenuProps & { entries: readonly MenuEntry[] }) => (
  <PopupMenu {...menu}>
    {entries.map(({ label, Icon, act, chosen }) => (
      <MenuItem
        key={label}
        disabled={act === undefined}
        {...(chosen === undefined ? {} : { role: 'menuitemradio', 'aria-checked': chosen, selected: chosen })}
        onClick={() => {
          menu.onClose()
          act?.()
        }}
      >
        <ListItemIcon>
          <Icon fontSize="small" />
        </ListItemIcon>
        <ListItemText>{label}</ListItemText>
      </MenuItem>
    ))}
  </PopupMenu>
)
