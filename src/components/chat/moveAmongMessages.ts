import type { KeyboardEvent } from 'react'

const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }

/** Up and down go to the options of the message above and below, left and right among what one message offers. */
export function moveAmongMessages(event: KeyboardEvent<HTMLElement>) {
  const step = steps[event.key]
  const message = event.currentTarget.closest('li')
  if (step === undefined || !message) return
  const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
  const all = isSideways
    ? [...message.querySelectorAll<HTMLElement>('[data-quote], [data-options], [data-reaction]')]
    : [...(message.parentElement?.querySelectorAll<HTMLElement>('[data-options]') ?? [])]
  const here = isSideways ? event.currentTarget : message.querySelector<HTMLElement>('[data-options]')
  const next = here ? all[all.indexOf(here) + step] : undefined
  if (!next) return
  event.preventDefault()
  next.focus()
}
