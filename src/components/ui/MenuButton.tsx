import IconButton from '@mui/material/IconButton'
import { useState } from 'react'
import type { Icon, MenuEntry } from './EntriesMenu'
import { late } from './late'
import { Tooltip } from './Tooltip'

interface Props {
  /** Of the button. */
  label: string
  tooltip: string
  menuLabel: string
  Icon: Icon
  entries: readonly MenuEntry[]
}

const EntriesMenu = late(async () => (await import('./EntriesMenu')).EntriesMenu)

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
      <EntriesMenu
        open={anchor !== null}
        anchor={anchor}
        label={menuLabel}
        entries={entries}
        onClose={() => setAnchor(null)}
      />
    </>
  )
}
