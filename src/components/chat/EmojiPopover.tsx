import Box from '@mui/material/Box'
import Popover from '@mui/material/Popover'
import { EmojiPicker, type EmojiPickerListEmojiProps, type EmojiPickerListRowProps } from 'frimousse'
import type { AriaAttributes } from 'react'
import { site } from '@/contracts/site'

interface Props {
  open: boolean
  /** The button that it hangs on. */
  anchor: HTMLElement | null
  onPick: (emoji: string) => void
  onClose: () => void
}

/** All emojis, to search and to choose one from. Their names come from this site: `src/app/emoji`. */
export const EmojiPopover = ({ open, anchor, onPick, onClose }: Props) => (
  <Popover
    open={open}
    anchorEl={anchor}
    onClose={onClose}
    // Whoever opened it says where the focus goes.
    disableRestoreFocus
    anchorOrigin={{ vertical: 'top', horizontal: 'right' }}
    transformOrigin={{ vertical: 'bottom', horizontal: 'right' }}
    slotProps={{
      // A menu that opened it may just have given the focus back.
      transition: { onEntered: (paper) => paper.querySelector('input')?.focus() },
      paper: { role: 'dialog', 'aria-modal': true, 'aria-label': 'Emojis' },
    }}
  >
    <Box sx={look}>
      <EmojiPicker.Root emojibaseUrl={`${site.mount}/emoji`} columns={8} onEmojiSelect={({ emoji }) => onPick(emoji)}>
        <EmojiPicker.Search aria-label="Search emojis" placeholder="Search emojis" autoFocus />
        <EmojiPicker.Viewport>
          <EmojiPicker.Loading>Loading…</EmojiPicker.Loading>
          <EmojiPicker.Empty>No emoji of this name.</EmojiPicker.Empty>
          <EmojiPicker.List components={countedFromOne} />
        </EmojiPicker.Viewport>
      </EmojiPicker.Root>
    </Box>
  </Popover>
)

/** Rows and columns as a screen reader counts them; the picker begins with 0, which is no valid number of either. */
const countedFromOne = {
  Row: (props: EmojiPickerListRowProps) => <div {...props} {...plusOne('aria-rowindex', props)} />,
  Emoji: ({ emoji, ...props }: EmojiPickerListEmojiProps) => (
    <button type="button" {...props} {...plusOne('aria-colindex', props)}>
      {emoji.emoji}
    </button>
  ),
}

const plusOne = (name: 'aria-rowindex' | 'aria-colindex', { [name]: index }: AriaAttributes) =>
  index === undefined ? {} : { [name]: index + 1 }

/** The picker has no look of its own; its parts carry these names. */
const look = {
  '[frimousse-root]': { display: 'flex', flexDirection: 'column', width: 312, height: 340 },
  '[frimousse-search]': {
    m: 1.25,
    px: 1.5,
    height: 40,
    border: '1px solid',
    borderColor: 'divider',
    borderRadius: '12px',
    bgcolor: 'background.default',
    color: 'text.primary',
    font: 'inherit',
  },
  '[frimousse-viewport]': { position: 'relative', flex: 1, outline: 'none' },
  '[frimousse-loading], [frimousse-empty]': {
    position: 'absolute',
    inset: 0,
    display: 'grid',
    placeItems: 'center',
    color: 'text.secondary',
  },
  '[frimousse-category-header]': {
    px: 1.5,
    py: 0.5,
    bgcolor: 'background.paper',
    color: 'text.secondary',
    fontSize: '0.75rem',
    fontWeight: 600,
  },
  // The picker brings the row above the chosen one into view, as it is counted here: the margin is that of one more.
  '[frimousse-row]': { px: 1, scrollMarginBlock: '40px' },
  '[frimousse-emoji]': {
    display: 'grid',
    placeItems: 'center',
    width: 36,
    height: 36,
    border: 0,
    borderRadius: '10px',
    bgcolor: 'transparent',
    fontSize: 22,
    cursor: 'pointer',
    '&[data-active]': { bgcolor: 'action.selected' },
  },
}
