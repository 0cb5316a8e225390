import { type InputHTMLAttributes, type KeyboardEvent, type MouseEvent, useId, useState } from 'react'

interface Choices {
  /** One for each option, in their order. */
  keys: readonly string[]
  onEnter: (index: number) => void
  /** Is told where the arrows lead. */
  onMove?: (index: number) => void
}

const look = {
  display: 'flex',
  alignItems: 'center',
  gap: 1.5,
  px: 1.5,
  py: 1,
  borderRadius: '12px',
  cursor: 'pointer',
}

/** A field and its list, of which one option is active: the arrows move, Enter picks (the combobox pattern of ARIA). */
export function useCombobox({ keys, onEnter, onMove }: Choices) {
  const [wanted, setActive] = useState(0)
  const active = Math.min(wanted, keys.length - 1)
  const activeKey = keys[active]
  const listId = useId()
  const idOf = (key: string) => `${listId}-${key}`

  const move = (to: number) => {
    const next = (to + keys.length) % keys.length
    setActive(next)
    document.getElementById(idOf(keys[next] ?? ''))?.scrollIntoView({ block: 'nearest' })
    onMove?.(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || keys.length === 0) return
    if (event.key === 'ArrowDown') move(active + 1)
    else if (event.key === 'ArrowUp') move(active - 1)
    else if (event.key === 'Enter') onEnter(active)
    else return
    event.preventDefault()
  }
  const field: InputHTMLAttributes<HTMLInputElement> = {
    role: 'combobox',
    autoComplete: 'off',
    'aria-autocomplete': 'list',
    'aria-expanded': keys.length > 0,
    'aria-controls': listId,
    'aria-activedescendant': activeKey === undefined ? undefined : idOf(activeKey),
  }
  const optionOf = (key: string) => ({
    id: idOf(key),
    role: 'option',
    // The field keeps the focus.
    onMouseDown: (event: MouseEvent) => event.preventDefault(),
    onMouseMove: () => setActive(keys.indexOf(key)),
    sx: { ...look, bgcolor: key === activeKey ? 'action.hover' : 'transparent' },
  })
  return { active, setActive, onKeyDown, listId, field, optionOf }
}
