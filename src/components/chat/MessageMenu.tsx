import AddRounded from '@mui/icons-material/AddRounded'
import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import type { ComponentProps, KeyboardEvent } from 'react'
import { EntriesMenu } from '../ui/EntriesMenu'

const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏']

interface Props extends Omit<ComponentProps<typeof EntriesMenu>, 'children'> {
  /** Undefined where nobody can react. */
  reacting: { own: readonly string[]; react: (emoji: string) => void; pickAnother: () => void } | undefined
}

/** What can be done with a message; above it stands what one can react with. */
export const MessageMenu = ({ reacting, ...menu }: Props) => {
  const act = (what: () => void) => () => {
    menu.onClose()
    what()
  }
  return (
    <EntriesMenu {...menu}>
      {reacting && (
        <Box role="group" aria-label="React" onKeyDown={moveInRow} sx={rowLook}>
          {quick.map((emoji) => (
            <MenuItem
              key={emoji}
              component="div"
              role="menuitemcheckbox"
              aria-checked={reacting.own.includes(emoji)}
              onClick={act(() => reacting.react(emoji))}
              sx={emojiLook}
            >
              {emoji}
            </MenuItem>
          ))}
          <MenuItem
            component="div"
            aria-label="Another emoji"
            aria-haspopup="dialog"
            onClick={act(reacting.pickAnother)}
            sx={emojiLook}
          >
            <AddRounded fontSize="small" />
          </MenuItem>
        </Box>
      )}
    </EntriesMenu>
  )
}

/** Left and right within the row; up and down leave it. */
function moveInRow(event: KeyboardEvent<HTMLElement>) {
  const { currentTarget: row, target, key } = event
  if (!(target instanceof HTMLElement)) return
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const next = key === 'ArrowLeft' ? target.previousElementSibling : target.nextElementSibling
    if (next instanceof HTMLElement) next.focus()
    event.preventDefault()
  }
  // The menu goes on from where the focus is.
  const edge = key === 'ArrowUp' ? row.firstElementChild : key === 'ArrowDown' ? row.lastElementChild : null
  if (edge instanceof HTMLElement) edge.focus()
}

const rowLook = {
  display: 'flex',
  px: 0.75,
  pb: 0.75,
  mb: 0.75,
  borderBottom: '1px solid',
  borderColor: 'divider',
}

const emojiLook = {
  flex: 'none',
  justifyContent: 'center',
  width: 40,
  height: 40,
  minHeight: 40,
  p: 0,
  borderRadius: '12px',
  fontSize: 21,
  '&[aria-checked=true]': { bgcolor: 'action.selected' },
}
