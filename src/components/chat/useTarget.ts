import { type RefObject, useLayoutEffect, useState } from 'react'
import type { MessageRow } from './rows'

/** A place to go to; another object is another wish, also for the same place. */
export interface Target {
  seq: number
}

const shownMs = 2_400

interface Options {
  target: Target | undefined
  /** The last one that was gone to: it outlives the list, which begins anew with another window. */
  reached: RefObject<Target | undefined>
  rows: MessageRow[]
  /** As `useAnchoredWindow` has it. */
  toRow: (key: string, reached: (row: HTMLElement) => void) => void
}

/**
 * Goes to the message in that place once it is among the rows: it gets the focus, and stands out for a moment. Answers
 * whether that is still to come.
 */
export function useTarget({ target, reached, rows, toRow }: Options): boolean {
  const key = target && rows.find((row) => row.seq === target.seq)?.key
  const [begun, setBegun] = useState(reached.current)

  useLayoutEffect(() => {
    if (!target || !key || reached.current === target) return
    reached.current = target
    setBegun(target)
    toRow(key, (row) => {
      row.focus({ preventScroll: true })
      const tint = 'color-mix(in srgb, var(--mui-palette-secondary-main) 28%, transparent)'
      row.animate?.(
        [{ backgroundColor: tint }, { backgroundColor: tint, offset: 0.5 }, { backgroundColor: 'transparent' }],
        shownMs,
      )
    })
  }, [target, reached, key, toRow])
  return key !== undefined && begun !== target
}
