import { styled } from '@mui/material/styles'
import { formatMoment, formatTime } from '../ui/clock'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { DeliveryMark } from './DeliveryMark'
import { linkify } from './linkify'
import type { MessageRow } from './rows'

const Bubble = styled('div', { shouldForwardProp: (prop) => prop !== 'row' })<{ row: MessageRow }>(({ theme, row }) => {
  const { bubble } = theme.vars.palette
  // The side towards its writer is straighter where the run goes on.
  const [above, below] = [row.first ? 18 : 6, row.last ? 18 : 6]
  return {
    display: 'flow-root',
    maxWidth: '100%',
    padding: '8px 13px',
    borderRadius: row.mine ? `18px ${above}px ${below}px 18px` : `${above}px 18px 18px ${below}px`,
    backgroundColor: row.mine ? bubble.own : bubble.other,
    color: row.mine ? bubble.onOwn : bubble.onOther,
    boxShadow: row.mine ? 'none' : `inset 0 0 0 1px ${bubble.otherBorder}`,
    fontSize: '0.9375rem',
    lineHeight: 1.45,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    '& a': { color: 'inherit', textDecorationThickness: 1 },
    '& a:focus-visible': { outlineColor: 'currentColor' },
  }
})

const Meta = styled('span', { shouldForwardProp: (prop) => prop !== 'mine' })<{ mine: boolean }>(({ theme, mine }) => ({
  // Ends the last line if there is room, else stands below it.
  float: 'right',
  display: 'inline-flex',
  alignItems: 'center',
  gap: 4,
  margin: '6px -3px -3px 12px',
  fontSize: '0.6875rem',
  lineHeight: '16px',
  fontVariantNumeric: 'tabular-nums',
  whiteSpace: 'nowrap',
  color: mine ? theme.vars.palette.bubble.onOwnQuiet : theme.vars.palette.text.secondary,
}))

export function MessageBubble({ row }: { row: MessageRow }) {
  return (
    <Bubble row={row}>
      <VisuallyHidden>{row.mine ? 'You: ' : `${row.senderName}: `}</VisuallyHidden>
      {row.deleted ? <em>Message deleted</em> : <MessageText text={row.text} />}
      <Meta mine={row.mine}>
        {row.edited && !row.deleted && <span>edited</span>}
        <time dateTime={row.at.toISOString()} title={formatMoment(row.at)}>
          {formatTime(row.at)}
        </time>
        {row.delivery && <DeliveryMark delivery={row.delivery} />}
      </Meta>
    </Bubble>
  )
}

function MessageText({ text }: { text: string }) {
  let offset = 0
  return linkify(text).map((part) => {
    const key = offset
    offset += part.text.length
    if (!part.href) return part.text
    return (
      <a key={key} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    )
  })
}
