import MuiTooltip, { type TooltipProps } from '@mui/material/Tooltip'
import { type SyntheticEvent, useState } from 'react'

/** MUI's. It stays closed when what a button opened gives the focus back: nobody asked what the button is. */
export function Tooltip(props: TooltipProps) {
  const [open, setOpen] = useState(false)
  return (
    <MuiTooltip
      {...props}
      open={open}
      onOpen={(event) => setOpen(!isFocusGivenBack(event))}
      onClose={() => setOpen(false)}
    />
  )
}

const isFocusGivenBack = ({ type, nativeEvent }: SyntheticEvent) => {
  if (type !== 'focus' || !(nativeEvent instanceof FocusEvent)) return false
  const from = nativeEvent.relatedTarget
  // What had the focus may be gone already.
  return !(from instanceof Element) || from.closest('[role=dialog], [role=menu], [role=presentation]') !== null
}
