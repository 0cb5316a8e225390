import Menu from '@mui/material/Menu'
import type { ReactNode } from 'react'

export interface PopupMenuProps {
  open: boolean
  /** The button that it hangs on. */
  anchor: HTMLElement | null
  label: string
  onClose: () => void
}

/** A menu that a button opens. */
export const PopupMenu = ({ open, anchor, label, onClose, children }: PopupMenuProps & { children: ReactNode }) => (
  <Menu
    anchorEl={anchor}
    open={open}
    onClose={onClose}
    slotProps={{ list: { 'aria-label': label }, paper: { role: 'region', 'aria-label': label } }}
  >
    {children}
  </Menu>
)
