import { useEffect, useState } from 'react'

/** A ref for an element, and whether the reader has come near it, once. */
export function useSeen() {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!element || seen) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [element, seen])
  return [setElement, seen] as const
}
