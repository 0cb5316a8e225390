import ButtonBase from '@mui/material/ButtonBase'
import { styled } from '@mui/material/styles'
import { Tooltip } from '../ui/Tooltip'
import type { MessageActions } from './messageActions'
import { moveAmongMessages } from './moveAmongMessages'
import { whoReacted } from './reactionChips'
import type { MessageRow } from './rows'

const Chips = styled('div')({ display: 'flex', flexWrap: 'wrap', gap: 4, paddingTop: 4 })

const Chip = styled(ButtonBase)(({ theme }) => ({
  height: 28,
  padding: '0 9px',
  gap: 5,
  borderRadius: 14,
  border: `1px solid ${theme.vars.palette.divider}`,
  backgroundColor: theme.vars.palette.background.paper,
  color: theme.vars.palette.text.secondary,
  font: 'inherit',
  fontSize: '0.8125rem',
  fontVariantNumeric: 'tabular-nums',
  '&:hover': { borderColor: 'currentColor' },
  '&[aria-pressed=true]': {
    borderColor: theme.vars.palette.primary.main,
    backgroundColor: `color-mix(in srgb, ${theme.vars.palette.primary.main} 14%, ${theme.vars.palette.background.paper})`,
    color: theme.vars.palette.text.primary,
    fontWeight: 650,
  },
}))

interface Props {
  row: MessageRow
  actions: Pick<MessageActions, 'react'>
  isTabStop: boolean
}

/** What people reacted with; pressing one joins in, or takes one's own back. */
export function MessageReactions({ row, actions: { react }, isTabStop }: Props) {
  const { reactions } = row
  if (reactions.length === 0) return null

  return (
    <Chips role="group" aria-label="Reactions">
      {reactions.map((chip) => {
        const who = whoReacted(chip)
        return (
          <Tooltip key={chip.emoji} title={`${who} reacted with ${chip.emoji}`}>
            <Chip
              aria-label={`${chip.emoji} ${chip.count}: ${who}`}
              aria-pressed={chip.mine}
              aria-disabled={react === undefined}
              data-reaction
              tabIndex={isTabStop ? 0 : -1}
              onClick={() => react?.(row, chip.emoji)}
              onKeyDown={moveAmongMessages}
            >
              <span>{chip.emoji}</span>
              <span>{chip.count}</span>
            </Chip>
          </Tooltip>
        )
      })}
    </Chips>
  )
}
