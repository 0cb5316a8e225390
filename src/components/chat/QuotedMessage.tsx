import ButtonBase from '@mui/material/ButtonBase'
import { styled } from '@mui/material/styles'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { moveAmongMessages } from './moveAmongMessages'
import type { QuoteRow } from './rows'

interface Props {
  quote: QuoteRow
  /** Whether it stands in a message of one's own. */
  inOwn: boolean
  onOpen: (seq: number) => void
  /** As its message's other buttons. */
  isTabStop: boolean
}

/** What a message answers, above its text; it leads there. */
export const QuotedMessage = ({ quote: { seq, mine, senderName, text }, inOwn, onOpen, isTabStop }: Props) => (
  <Frame
    inOwn={inOwn}
    data-quote
    tabIndex={isTabStop ? 0 : -1}
    onClick={() => onOpen(seq)}
    onKeyDown={moveAmongMessages}
  >
    <VisuallyHidden dir="ltr">In reply to </VisuallyHidden>
    <Sender>
      <bdi>{mine ? 'You' : senderName}</bdi>
    </Sender>
    <Excerpt dir="auto">{text === '' ? <em dir="ltr">Message deleted</em> : text}</Excerpt>
  </Frame>
)

const Frame = styled(ButtonBase, { shouldForwardProp: (prop) => prop !== 'inOwn' })<{ inOwn: boolean }>(
  ({ theme, inOwn }) => ({
    display: 'block',
    // As wide as its text, and the message's if that is wider.
    width: '100%',
    marginBlock: '2px 6px',
    padding: '5px 10px 6px',
    borderRadius: 8,
    borderInlineStart: `3px solid ${inOwn ? theme.vars.palette.bubble.onOwnQuiet : theme.vars.palette.primary.main}`,
    backgroundColor: `color-mix(in srgb, ${inOwn ? theme.vars.palette.bubble.onOwn : theme.vars.palette.primary.main} 10%, transparent)`,
    font: 'inherit',
    fontSize: '0.8125rem',
    lineHeight: 1.4,
    textAlign: 'start',
    color: 'inherit',
    '&.Mui-focusVisible': { outline: '2px solid currentColor', outlineOffset: 1 },
  }),
)

const Sender = styled('span')({
  display: 'block',
  fontWeight: 650,
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap',
})

const Excerpt = styled('span')({
  display: '-webkit-box',
  WebkitLineClamp: 2,
  WebkitBoxOrient: 'vertical',
  overflow: 'hidden',
  overflowWrap: 'anywhere',
})
