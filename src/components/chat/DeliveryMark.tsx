import DoneAllRounded from '@mui/icons-material/DoneAllRounded'
import DoneRounded from '@mui/icons-material/DoneRounded'
import ErrorOutlineRounded from '@mui/icons-material/ErrorOutlineRounded'
import ScheduleRounded from '@mui/icons-material/ScheduleRounded'
import Box from '@mui/material/Box'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import type { Delivery } from './rows'

const marks = {
  waiting: { Icon: ScheduleRounded, label: 'Waiting to be sent' },
  sent: { Icon: DoneRounded, label: 'Sent' },
  read: { Icon: DoneAllRounded, label: 'Read' },
  failed: { Icon: ErrorOutlineRounded, label: 'Not sent' },
} as const

/** Clock, one tick, two ticks: where an own message is on its way. */
export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  const { Icon, label } = marks[delivery]
  return (
    <Box
      component="span"
      title={label}
      data-delivery={delivery}
      sx={{ display: 'inline-flex', color: delivery === 'read' ? 'bubble.onOwnRead' : 'inherit' }}
    >
      <Icon aria-hidden sx={{ fontSize: 15 }} />
      <VisuallyHidden>{label}</VisuallyHidden>
    </Box>
  )
}
