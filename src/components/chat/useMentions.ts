import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Participant } from '@/contracts/chat'
import { candidates, mentionAt, namesOthers } from './mentions'

/** Names that are offered at once. */
const most = 6

/**
 * Completes names after an `@`: arrows choose, Enter or Tab takes, Escape closes.
 * @param people - whom one may name; none: nothing is offered.
 * @param onNaming - told when a name is begun, or somebody is named who is not among them.
 * @param onChosen - told who was taken.
 */
export function useMentions(
  people: readonly Participant[],
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  onChange: (text: string) => void,
  {
    onNaming,
    onChosen,
  }: { onNaming?: (() => void) | undefined; onChosen?: ((person: Participant) => void) | undefined } = {},
) {
  const listId = useId()
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(0)
  /** Where the list was closed: it stays so until another name begins. */
  const [closedAt, setClosedAt] = useState<number>()
  const being = people.length > 0 ? mentionAt(text, caret) : undefined
  const isNaming = being !== undefined || (people.length > 0 && namesOthers(text, people))
  useEffect(() => {
    if (isNaming) onNaming?.()
  }, [isNaming, onNaming])
  const offered = being && being.start !== closedAt ? candidates(people, being.query, most) : []
  const at = Math.min(chosen, offered.length - 1)

  const take = (person: Participant) => {
    if (!being) return
    onChosen?.(person)
    const name = `@${person.name} `
    const end = being.start + name.length
    flushSync(() => {
      onChange(text.slice(0, being.start) + name + text.slice(caret).replace(/^ /, ''))
      setCaret(end)
      setChosen(0)
    })
    field.current?.focus()
    field.current?.setSelectionRange(end, end)
  }

  return {
    offered,
    chosen: at,
    listId,
    take,
    close: () => setClosedAt(being?.start),
    /** To be called whenever the caret has moved. */
    follow: () => {
      const place = field.current?.selectionStart ?? 0
      setCaret(place)
      if (!mentionAt(field.current?.value ?? '', place)) setClosedAt(undefined)
    },
    /** True: the key was for the list. */
    onKeyDown: (event: KeyboardEvent): boolean => {
      const person = offered[at]
      if (!person) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) setChosen((at + step + offered.length) % offered.length)
      else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(person)
      else if (event.key === 'Escape') setClosedAt(being?.start)
      else return false
      event.preventDefault()
      return true
    },
  }
}
