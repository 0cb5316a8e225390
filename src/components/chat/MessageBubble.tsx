import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { type ReactNode, useMemo, useState } from 'react'
import { formatMoment, formatTime } from '../ui/clock'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { DeliveryMark } from './DeliveryMark'
import { foldAt } from './foldAt'
import { isFewEmojis } from './isFewEmojis'
import { findMentions } from './mentions'
import { type MessagePart, messageParts } from './messageParts'
import { QuotedMessage } from './QuotedMessage'
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
    '&[data-large]': { fontSize: '2.25rem', lineHeight: 1.25 },
    // The time stands at the foot of what is so high.
    '&[data-large] > :last-child': { marginBlockStart: 28 },
    '& code': {
      padding: '1px 4px',
      borderRadius: 5,
      backgroundColor: 'color-mix(in srgb, currentColor 12%, transparent)',
      fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
      fontSize: '0.9em',
    },
    '& pre': { margin: '4px 0', whiteSpace: 'inherit' },
    '& pre code': { display: 'block', padding: '8px 10px', borderRadius: 8 },
    // Whom it names; oneself more than others.
    '& [data-mention]': {
      padding: '1px 3px',
      borderRadius: 5,
      backgroundColor: 'color-mix(in srgb, currentColor 10%, transparent)',
      fontWeight: 600,
    },
    '& [data-mention=me]': {
      backgroundColor: `color-mix(in srgb, ${theme.vars.palette.secondary.main} 32%, transparent)`,
      fontWeight: 700,
    },
    '& a': { color: 'inherit', textDecorationThickness: 1 },
    '& a:focus-visible': { outlineColor: 'currentColor' },
  }
})

const Meta = styled('span', { shouldForwardProp: (prop) => prop !== 'mine' })<{ mine: boolean }>(({ theme, mine }) => ({
  // Ends the last line if there is room, else stands below it.
  float: 'inline-end',
  display: 'inline-flex',
  alignItems: 'center',
  gap: 4,
  marginBlock: '6px -3px',
  marginInline: '12px -3px',
  fontSize: '0.6875rem',
  lineHeight: '16px',
  fontVariantNumeric: 'tabular-nums',
  whiteSpace: 'nowrap',
  color: mine ? theme.vars.palette.bubble.onOwnQuiet : theme.vars.palette.text.secondary,
}))

interface Props {
  row: MessageRow
  /** Goes to the message that this one answers. */
  onQuote: (seq: number) => void
  /** The Tab key stops at the quote. */
  isTabStop: boolean
}

export function MessageBubble({ row, onQuote, isTabStop }: Props) {
  return (
    // Written in the direction of its text; what has a direction of its own does not count for that.
    <Bubble row={row} dir="auto" data-large={isFewEmojis(row.text) || undefined}>
      <VisuallyHidden dir="ltr">{row.mine ? 'You: ' : `${row.senderName}: `}</VisuallyHidden>
      {row.quote && <QuotedMessage quote={row.quote} inOwn={row.mine} onOpen={onQuote} isTabStop={isTabStop} />}
      {row.deleted ? <em dir="ltr">Message deleted</em> : <FoldedText text={row.text} named={row.named} />}
      <Meta mine={row.mine}>
        {row.edited && !row.deleted && <span dir="ltr">edited</span>}
        <time dir="ltr" dateTime={row.at.toISOString()} title={formatMoment(row.at)}>
          {formatTime(row.at)}
        </time>
        {row.delivery && <DeliveryMark delivery={row.delivery} />}
      </Meta>
    </Bubble>
  )
}

type Written = Pick<MessageRow, 'text' | 'named'>

function FoldedText({ text, named }: Written) {
  const [open, setOpen] = useState(false)
  const end = foldAt(text)
  if (end === undefined) return <MessageText text={text} named={named} />
  return (
    <>
      <MessageText text={open ? text : `${text.slice(0, end)}…`} named={named} />
      <Button
        dir="ltr"
        size="small"
        color="inherit"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        sx={{ display: 'block', minWidth: 0, px: 0, textDecoration: 'underline' }}
      >
        {open ? 'Show less' : 'Show more'}
      </Button>
    </>
  )
}

function MessageText({ text, named }: Written) {
  const parts = useMemo(() => messageParts(text), [text])
  let offset = 0
  return parts.map((part) => {
    const key = offset
    offset += part.text.length + 1
    return <Part key={key} part={part} named={named} />
  })
}

function Part({ part, named }: { part: MessagePart } & Pick<Written, 'named'>) {
  if (part.kind === 'text') return <WithMentions text={part.text} named={named} />
  if (part.kind === 'link') {
    return (
      <a href={part.href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    )
  }
  const code = <code dir="ltr">{part.text}</code>
  return part.kind === 'block' ? <pre>{code}</pre> : code
}

/** Names are not links: they lead nowhere. */
function WithMentions({ text, named }: Written): ReactNode {
  if (named.length === 0) return text
  const parts: ReactNode[] = []
  let done = 0
  for (const { start, end, people } of findMentions(text, named)) {
    parts.push(
      text.slice(done, start),
      <bdi key={start} data-mention={people.some(({ isMe }) => isMe) ? 'me' : 'other'}>
        {text.slice(start, end)}
      </bdi>,
    )
    done = end
  }
  return [...parts, text.slice(done)]
}
