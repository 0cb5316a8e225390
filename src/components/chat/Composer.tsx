'use client'

import CheckRounded from '@mui/icons-material/CheckRounded'
import SendRounded from '@mui/icons-material/SendRounded'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import InputBase from '@mui/material/InputBase'
import Typography from '@mui/material/Typography'
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import type { SendLimitView } from '@/client/outbox/SendLimit'
import type { Participant } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { MessageText } from '@/contracts/primitives'
import { useDraft } from '@/hooks/useDraft'
import { Tooltip } from '../ui/Tooltip'
import { EditingNotice } from './EditingNotice'
import { EmojiButton } from './EmojiButton'
import { LimitNotice } from './LimitNotice'
import { MentionList, mentionOptionId } from './MentionList'
import { ReplyNotice } from './ReplyNotice'
import { useMentions } from './useMentions'
import type { Editing } from './useMessageChanges'
import type { Replying } from './useReply'

/** Characters before the limit at which the counter appears. */
const counterFrom = limits.messageLength - 400

const inWords = (characters: number) => `${characters.toLocaleString('en')} character${characters === 1 ? '' : 's'}`

const nobody: never[] = []

/** Of the field; there is one on the page. */
export const composerId = 'composer'

interface Props {
  userId: string
  roomId: string
  /** Whom it goes to, for the label. */
  name: string
  /** The message whose text is being edited here; what was begun to write comes back afterwards. */
  editing?: Editing | undefined
  /** What the next message answers. */
  replying?: Replying | undefined
  /** Whom a text may name here: the others of a group. */
  mentionable?: readonly Participant[]
  /** Somebody is being named. */
  onNaming?: () => void
  /** Who was taken from the list of names. */
  onChosen?: (person: Participant) => void
  /** Sends, or saves what is edited. Throws AppError when the text cannot be taken; it then stays in the field. */
  onSend: (text: string) => void
  /** What of the server's limit concerns this conversation: it delays what was sent, and stops nobody from writing. */
  limit: SendLimitView
  inputRef: RefObject<HTMLTextAreaElement | null>
  /** For each change of what is written (not of an edit): whether anything is. */
  onTyping?: (on: boolean) => void
  /** Escape, while a message is edited. */
  onCancelEdit: () => void
  /** Escape, while one is answered. */
  onCancelReply?: () => void
  /** Arrow up in the empty field; false where there is nothing to edit. */
  onEditLast: () => boolean
  /** Escape: the focus goes to the place it came from. */
  onLeave: () => void
}

/**
 * Enter sends or saves, Shift+Enter breaks the line, Escape cancels an edit or a reply or leaves, arrow up edits what was written last. Works without a connection: what is sent then waits in the queue.
 */
export function Composer(props: Props) {
  const { userId, roomId, name, editing, replying, onSend, onTyping, onCancelEdit, onCancelReply } = props
  const { onEditLast, limit, inputRef, onLeave } = props
  const { mentionable = nobody, onNaming, onChosen } = props
  const [text, setText] = useText(userId, roomId, editing)
  const mentions = useMentions(mentionable, inputRef, text, setText, { onNaming, onChosen })
  const [option] = mentions.offered.slice(mentions.chosen)
  useFocusOnEdit(inputRef, editing?.key ?? replying?.quote.id)
  const aboveId = useId()
  const noticeId = useId()
  const limitId = useId()
  const length = text.trim().length
  const checked = MessageText.safeParse(text)
  const [refusal, setRefusal] = useState<string>()
  const problem = length > 0 && !checked.success ? checked.error.issues[0]?.message : refusal
  const counted = length > counterFrom
  const left = limits.messageLength - length
  const isLimitShown = limit.blockedUntil !== undefined || limit.remaining !== undefined
  const describedBy =
    [editing || replying ? aboveId : '', counted || problem ? noticeId : '', isLimitShown ? limitId : '']
      .filter(Boolean)
      .join(' ') || undefined

  const send = () => {
    if (!checked.success) return
    try {
      onSend(checked.data)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      setRefusal(error.message)
      return
    }
    if (!editing) setText('')
    setRefusal(undefined)
    inputRef.current?.focus()
  }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word; 229 is how Safari says so.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229
    if (composing || mentions.onKeyDown(event)) return
    if (event.key === 'Escape') (editing ? onCancelEdit : replying && onCancelReply ? onCancelReply : onLeave)()
    if (event.key === 'ArrowUp' && text === '' && !editing && onEditLast()) event.preventDefault()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    send()
  }

  return (
    <Box
      component="form"
      onSubmit={submit}
      aria-label={`Write to ${name}`}
      sx={{ flex: 'none', px: { xs: 1.5, md: 3 }, pt: 1.25, pb: 'max(12px, env(safe-area-inset-bottom))' }}
    >
      {editing && <EditingNotice id={aboveId} text={editing.text} onCancel={onCancelEdit} />}
      {replying && !editing && onCancelReply && (
        <ReplyNotice id={aboveId} quote={replying.shown} onCancel={onCancelReply} />
      )}
      {option && (
        <MentionList id={mentions.listId} people={mentions.offered} chosen={mentions.chosen} onTake={mentions.take} />
      )}
      <Box
        sx={{
          display: 'flex',
          alignItems: 'flex-end',
          maxWidth: 872,
          mx: 'auto',
          pl: 2.25,
          pr: 0.75,
          py: 0.75,
          borderRadius: '26px',
          border: '1px solid',
          borderColor: problem ? 'error.main' : 'divider',
          bgcolor: 'background.paper',
          '&:focus-within': { borderColor: problem ? 'error.main' : 'primary.main' },
        }}
      >
        <InputBase
          multiline
          maxRows={8}
          fullWidth
          placeholder="Write a message"
          value={text}
          onChange={({ target }) => {
            setText(target.value)
            if (!editing) onTyping?.(target.value.trim() !== '')
          }}
          onKeyDown={onKeyDown}
          onSelect={mentions.follow}
          onBlur={mentions.close}
          inputRef={inputRef}
          inputProps={{
            id: composerId,
            dir: 'auto',
            'aria-label': editing ? `Edit your message to ${name}` : `Message to ${name}`,
            'aria-invalid': Boolean(problem),
            'aria-describedby': describedBy,
            ...(option && {
              'aria-autocomplete': 'list' as const,
              'aria-controls': mentions.listId,
              'aria-activedescendant': mentionOptionId(mentions.listId, option),
            }),
            enterKeyHint: 'send',
          }}
          sx={{ py: 1, fontSize: { xs: '1rem', md: '0.9375rem' }, lineHeight: 1.45 }}
        />
        <EmojiButton field={inputRef} onChange={setText} />
        <Tooltip title={editing ? 'Save (Enter)' : 'Send (Enter)'}>
          {/* The span keeps the tooltip while the button is disabled. */}
          <span>
            <IconButton
              type="submit"
              aria-label={editing ? 'Save' : 'Send'}
              disabled={!checked.success}
              sx={{
                width: 40,
                height: 40,
                bgcolor: 'primary.main',
                color: 'primary.contrastText',
                '&:hover': { bgcolor: 'primary.dark' },
                '&.Mui-disabled': { bgcolor: 'action.hover', color: 'text.disabled' },
              }}
            >
              {editing ? <CheckRounded sx={{ fontSize: 22 }} /> : <SendRounded sx={{ fontSize: 20, ml: '2px' }} />}
            </IconButton>
          </span>
        </Tooltip>
      </Box>
      <LimitNotice limit={limit} id={limitId} />
      {(counted || problem) && (
        <Typography
          id={noticeId}
          variant="caption"
          component="p"
          // A problem is read aloud; a number that changes with every letter is not.
          role={problem ? 'status' : undefined}
          sx={{
            maxWidth: 872,
            mx: 'auto',
            pt: 0.75,
            px: 2.25,
            textAlign: 'right',
            color: problem ? 'error.main' : 'text.secondary',
          }}
        >
          {left < 0
            ? `${inWords(-left)} too many: a message has ${inWords(limits.messageLength)} at most`
            : (problem ?? `${inWords(left)} left`)}
        </Typography>
      )}
    </Box>
  )
}

/** What is being edited, or else what this person has begun to write. */
function useText(userId: string, roomId: string, editing: Editing | undefined) {
  const draft = useDraft(userId, roomId)
  const [edit, setEdit] = useState({ key: editing?.key, text: '' })
  if (edit.key !== editing?.key) setEdit({ key: editing?.key, text: editing?.text ?? '' })
  const change = (text: string) => setEdit({ key: editing?.key, text })
  return editing ? ([edit.text, change] as const) : draft
}

/** The field has the focus when an edit or a reply begins, with the caret after its text, and when it ends. */
function useFocusOnEdit(field: Props['inputRef'], key: string | undefined) {
  const before = useRef(key)
  useEffect(() => {
    if (before.current === key) return
    before.current = key
    field.current?.focus()
    const end = field.current?.value.length ?? 0
    field.current?.setSelectionRange(end, end)
  }, [field, key])
}
