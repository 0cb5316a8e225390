import SentimentSatisfiedAltRounded from '@mui/icons-material/SentimentSatisfiedAltRounded'
import IconButton from '@mui/material/IconButton'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { late } from '../ui/late'
import { Tooltip } from '../ui/Tooltip'

const EmojiPopover = late(async () => (await import('./EmojiPopover')).EmojiPopover)

interface Props {
  field: RefObject<HTMLTextAreaElement | null>
  onChange: (text: string) => void
}

/** Puts an emoji where the field's caret is; the field has the focus again afterwards. */
export function EmojiButton({ field, onChange }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const isOpen = anchor !== null
  const wasOpen = useRef(false)
  const caret = useRef<number>(undefined)

  useEffect(() => {
    if (wasOpen.current && !isOpen) {
      field.current?.focus()
      if (caret.current !== undefined) field.current?.setSelectionRange(caret.current, caret.current)
      caret.current = undefined
    }
    wasOpen.current = isOpen
  }, [isOpen, field])

  const insert = (emoji: string) => {
    setAnchor(null)
    if (!field.current) return
    const { value, selectionStart, selectionEnd } = field.current
    caret.current = selectionStart + emoji.length
    onChange(value.slice(0, selectionStart) + emoji + value.slice(selectionEnd))
  }

  return (
    <>
      <Tooltip title="Emoji">
        <IconButton
          aria-label="Emoji"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ width: 40, height: 40 }}
        >
          <SentimentSatisfiedAltRounded sx={{ fontSize: 22 }} />
        </IconButton>
      </Tooltip>
      <EmojiPopover open={isOpen} anchor={anchor} onPick={insert} onClose={() => setAnchor(null)} />
    </>
  )
}
