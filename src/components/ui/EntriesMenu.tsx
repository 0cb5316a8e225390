import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import MenuItem from '@mui/material/MenuItem'
import type { SvgIconProps } from '@mui/material/SvgIcon'
import type { ComponentType, ReactNode } from 'react'
import { PopupMenu, type PopupMenuProps } from './PopupMenu'

export type Icon = ComponentType<Pick<SvgIconProps, 'fontSize'>>

export interface MenuEntry {
  label: string
  Icon: Icon
  /** Undefined: it is shown, and cannot be chosen now. */
  act: (() => void) | undefined
  /** Given: one of several, of which this is or is not the present one. */
  chosen?: boolean
}

interface Props extends PopupMenuProps {
  entries: readonly MenuEntry[]
  /** Stands above the entries. */
  children?: ReactNode
}

/** The menu of a `MenuButton`. */
export const EntriesMenu = ({ entries, children, ...menu }: Props) => (
  <PopupMenu {...menu}>
    {children}
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
