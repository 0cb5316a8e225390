import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import type { SvgIconProps } from '@mui/material/SvgIcon'
import Tooltip from '@mui/material/Tooltip'
import { type ComponentType, useState } from 'react'

type Icon = ComponentType<Pick<SvgIconProps, 'fontSize'>>

export interface MenuEntry {
  label: string
  Icon: Icon
  /** Undefined: it is shown, and cannot be chosen now. */
  act: (() => void) | undefined
  /** Given: one of several, of which this is or is not the present one. */
  chosen?: boolean
}

interface Props {
  /** Of the button. */
  label: string
  tooltip: string
  menuLabel: string
  Icon: Icon
  entries: readonly MenuEntry[]
}

/** A button with an icon that opens a menu; what is chosen there closes it. */
export function MenuButton({ label, tooltip, menuLabel, Icon: ButtonIcon, entries }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)

  return (
    <>
      <Tooltip title={tooltip}>
        <IconButton
          aria-label={label}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <ButtonIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { 'aria-label': menuLabel }, paper: { role: 'region', 'aria-label': menuLabel } }}
      >
        {entries.map(({ label: name, Icon, act, chosen }) => (
          <MenuItem
            key={name}
            disabled={act === undefined}
            {...(chosen === undefined ? {} : { role: 'menuitemradio', 'aria-checked': chosen, selected: chosen })}
            onClick={() => {
              setAnchor(null)
              act?.()
            }}
          >
            <ListItemIcon>
              <Icon fontSize="small" />
            </ListItemIcon>
            <ListItemText>{name}</ListItemText>
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
