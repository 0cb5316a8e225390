import ReplyRounded from '@mui/icons-material/ReplyRounded'
import { ComposerNotice } from './ComposerNotice'
import type { QuoteRow } from './rows'

interface Props {
  id: string
  quote: QuoteRow
  onCancel: () => void
}

/** Above the field: which message is being answered. */
export const ReplyNotice = ({ id, quote: { mine, senderName, text }, onCancel }: Props) => (
  <ComposerNotice
    id={id}
    Icon={ReplyRounded}
    what={
      <>
        Reply to <bdi>{mine ? 'yourself' : senderName}</bdi>:{' '}
      </>
    }
    text={text || 'Message deleted'}
    cancel="Cancel the reply"
    onCancel={onCancel}
  />
)
