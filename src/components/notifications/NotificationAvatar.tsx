import CampaignOutlined from '@mui/icons-material/CampaignOutlined'
import ChatBubbleOutlineRounded from '@mui/icons-material/ChatBubbleOutlineRounded'
import EventOutlined from '@mui/icons-material/EventOutlined'
import LockOutlined from '@mui/icons-material/LockOutlined'
import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import PersonOutlineRounded from '@mui/icons-material/PersonOutlineRounded'
import RocketLaunchOutlined from '@mui/icons-material/RocketLaunchOutlined'
import SettingsOutlined from '@mui/icons-material/SettingsOutlined'
import type { Notification } from '@/contracts/notifications'
import { Avatar } from '../ui/Avatar'
import { kinds } from './kinds'

/** Icons a notification can ask for by name; any other name is pictured by its kind. */
const icons = new Map([
  ['announcement', CampaignOutlined],
  ['bell', NotificationsNoneRounded],
  ['calendar', EventOutlined],
  ['chat', ChatBubbleOutlineRounded],
  ['person', PersonOutlineRounded],
  ['release', RocketLaunchOutlined],
  ['security', LockOutlined],
  ['settings', SettingsOutlined],
])

/** What a notification says is a colour, but never a `url()` that the page would fetch. */
const plainColour = /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl|oklch)a?\([\d\s.,%/deg]+\))$/i

interface Props {
  notification: Pick<Notification, 'type' | 'avatarImage' | 'avatarIcon' | 'avatarText' | 'avatarColor'>
  size?: number
}

/** Image, icon or text, whichever is given first; else the icon of its kind. */
export function NotificationAvatar({ notification, size = 40 }: Props) {
  const { type, avatarImage, avatarIcon, avatarText, avatarColor } = notification
  const Icon = icons.get(avatarIcon ?? '') ?? kinds[type].Icon
  const text = (!avatarIcon && avatarText) || undefined
  const colour = avatarColor && plainColour.test(avatarColor) ? avatarColor : undefined
  const tone = `var(--mui-palette-${type}-main)`

  return (
    <Avatar
      image={avatarImage}
      size={size}
      style={{
        fontSize: size * (text ? 0.36 : 0.55),
        // Whatever colour was asked for, what stands on it can be read.
        backgroundColor: colour ?? `color-mix(in srgb, ${tone} 14%, var(--mui-palette-background-paper))`,
        color: colour ? '#fff' : tone,
        ...(colour ? { textShadow: '0 0 3px rgb(0 0 0 / 55%)' } : {}),
      }}
    >
      {text ?? <Icon fontSize="inherit" />}
    </Avatar>
  )
}
