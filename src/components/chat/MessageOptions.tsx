import ContentCopyRounded from '@mui/icons-material/ContentCopyRounded'
import DeleteOutlined from '@mui/icons-material/DeleteOutlined'
import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import EditOutlined from '@mui/icons-material/EditOutlined'
import ReplyRounded from '@mui/icons-material/ReplyRounded'
import SentimentSatisfiedAltRounded from '@mui/icons-material/SentimentSatisfiedAltRounded'
import { useEffect, useRef, useState } from 'react'
import type { MenuEntry } from '../ui/EntriesMenu'
import { late } from '../ui/late'
import { isAnswerable, type MessageRow } from './rows'

const MessageMenu = late(async () => (await import('./MessageMenu')).MessageMenu)
const EmojiPopover = late(async () => (await import('./EmojiPopover')).EmojiPopover)
const ConfirmDialog = late(async () => (await import('../ui/ConfirmDialog')).ConfirmDialog)

export interface OpenedOptions {
  row: MessageRow
  /** Where the menu hangs. */
  anchor: HTMLElement
}

interface Props {
  opened: OpenedOptions | undefined
  /** Whether this person may write here, and so edit and delete. */
  mayWrite: boolean
  onReply: (row: MessageRow) => void
  onEdit: (row: MessageRow) => void
  onDelete: (row: MessageRow) => void
  /** Undefined where it is plain who has read what. */
  onSeenBy: ((row: MessageRow) => void) | undefined
  onReact: (row: MessageRow, emoji: string) => void
  onWhoReacted: (row: MessageRow) => void
  onClose: () => void
}

/** What can be done with one message: the same menu by its button, a right click and a long press. */
export function MessageOptions({ opened, mayWrite, onReact, onDelete, onClose, ...acts }: Props) {
  // While the menu closes it shows what it had.
  const [last, setLast] = useState(opened)
  if (opened && opened !== last) setLast(opened)
  const [deleting, setDeleting] = useState<{ row: MessageRow; open: boolean }>()
  const stopDeleting = () => setDeleting(deleting && { ...deleting, open: false })
  const [isPicking, setIsPicking] = useState(false)
  const wasPicking = useRef(false)
  const anchor = last?.anchor
  useEffect(() => {
    if (wasPicking.current && !isPicking) anchor?.focus()
    wasPicking.current = isPicking
  }, [isPicking, anchor])

  return (
    <>
      <MessageMenu
        open={opened !== undefined}
        anchor={anchor ?? null}
        label="Message options"
        entries={
          last ? entriesOf(last.row, mayWrite, { ...acts, onDelete: (row) => setDeleting({ row, open: true }) }) : []
        }
        reacting={
          // What waits itself has no place yet that others could see it at.
          mayWrite && last?.row.id !== undefined
            ? {
                own: last.row.reactions.flatMap(({ emoji, mine }) => (mine ? [emoji] : [])),
                react: (emoji) => onReact(last.row, emoji),
                pickAnother: () => setIsPicking(true),
              }
            : undefined
        }
        onClose={onClose}
      />
      <EmojiPopover
        open={isPicking}
        anchor={anchor ?? null}
        onPick={(emoji) => {
          setIsPicking(false)
          if (last) onReact(last.row, emoji)
        }}
        onClose={() => setIsPicking(false)}
      />
      <ConfirmDialog
        open={deleting?.open === true}
        title="Delete this message?"
        confirm="Delete"
        onClose={stopDeleting}
        onConfirm={() => deleting && onDelete(deleting.row)}
      >
        {deleting?.row.id === undefined
          ? 'It is not sent any more.'
          : 'Its text is gone for everybody in this conversation. This cannot be undone.'}
      </ConfirmDialog>
    </>
  )
}

type Acts = Pick<Props, 'onReply' | 'onEdit' | 'onDelete' | 'onSeenBy' | 'onWhoReacted'>

function entriesOf(row: MessageRow, mayWrite: boolean, acts: Acts) {
  const { onReply, onEdit, onDelete, onSeenBy, onWhoReacted } = acts
  // Only pages that came by https or from this machine have it.
  const clipboard = typeof navigator === 'undefined' ? undefined : navigator.clipboard
  const entries: MenuEntry[] = []
  if (mayWrite && isAnswerable(row)) entries.push({ label: 'Reply', Icon: ReplyRounded, act: () => onReply(row) })
  if (mayWrite && row.editable) entries.push({ label: 'Edit', Icon: EditOutlined, act: () => onEdit(row) })
  entries.push({
    label: 'Copy text',
    Icon: ContentCopyRounded,
    act: clipboard && (() => void clipboard.writeText(row.text).catch(() => undefined)),
  })
  if (onSeenBy && row.seq !== undefined) {
    entries.push({ label: 'Seen by', Icon: DoneAllRounded, act: () => onSeenBy(row) })
  }
  if (row.reactions.length > 0) {
    entries.push({ label: 'Who reacted', Icon: SentimentSatisfiedAltRounded, act: () => onWhoReacted(row) })
  }
  if (mayWrite && row.deletable) entries.push({ label: 'Delete', Icon: DeleteOutlined, act: () => onDelete(row) })
  return entries
}
