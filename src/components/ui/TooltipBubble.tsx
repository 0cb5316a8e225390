import MuiTooltip from '@mui/material/Tooltip'
import type { useHint } from './useHint'

interface Props {
  open: boolean
  title: string
  /** What it points at. */
  anchor: Element
  stay: ReturnType<typeof useHint>['stay']
}

export const TooltipBubble = ({ open, title, anchor, stay }: Props) => (
  <MuiTooltip open={open} title={title} slotProps={{ popper: { anchorEl: anchor, ...stay } }}>
    <span aria-hidden />
  </MuiTooltip>
)
