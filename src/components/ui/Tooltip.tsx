import { cloneElement, type ReactElement } from 'react'
import { late } from './late'
import { useHint } from './useHint'

const TooltipBubble = late(async () => (await import('./TooltipBubble')).TooltipBubble)

interface Props {
  /** Blank: there is none. */
  title: string
  children: ReactElement<ReturnType<typeof useHint>['watch']>
}

/** Shows what its child is for; who does not see it hears that from the child. It is made when it is about to be seen. */
export function Tooltip({ title, children }: Props) {
  const { anchor, stay, watch } = useHint()
  return (
    <>
      {cloneElement(children, watch)}
      {anchor && title && <TooltipBubble open title={title} anchor={anchor} stay={stay} />}
    </>
  )
}
