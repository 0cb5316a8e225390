import { useEffect, useRef } from 'react'

/** Ctrl+K, on a Mac the command key and K: there Ctrl+K deletes to the end of the line. Not while a dialog is open. */
export function useSearchKey(search: () => void) {
  const asked = useRef(search)
  useEffect(() => {
    asked.current = search
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isMac = navigator.platform.startsWith('Mac')
      const [wanted, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
      if (event.key.toLowerCase() !== 'k' || !wanted || other || event.altKey || event.shiftKey) return
      event.preventDefault()
      if (!document.querySelector('[role="dialog"]')) asked.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
