import CheckCircleOutlineRounded from '@mui/icons-material/CheckCircleOutlineRounded'
import ErrorOutlineRounded from '@mui/icons-material/ErrorOutlineRounded'
import InfoOutlined from '@mui/icons-material/InfoOutlined'
import WarningAmberRounded from '@mui/icons-material/WarningAmberRounded'
import type { NotificationType } from '@/contracts/notifications'

/** How each kind of notification is called and pictured. */
export const kinds = {
  info: { label: 'Information', Icon: InfoOutlined },
  success: { label: 'Success', Icon: CheckCircleOutlineRounded },
  warning: { label: 'Warning', Icon: WarningAmberRounded },
  error: { label: 'Error', Icon: ErrorOutlineRounded },
} as const satisfies Record<NotificationType, unknown>

/** In the order in which they are offered. */
export const kindNames = ['info', 'success', 'warning', 'error'] as const satisfies readonly NotificationType[]
