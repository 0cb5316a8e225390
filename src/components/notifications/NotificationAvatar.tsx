import CampaignOutlined from '@mui/icons-material/CampaignOutlined'
import ChatBubbleOutlineRounded from '@mui/icons-material/ChatBubbleOutlineRounded'
import EventOutlined from '@mui/icons-material/EventOutlined'
import LockOutlined from '@mui/icons-material/LockOutlined'
import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import PersonOutlineRounded from '@mui/icons-material/PersonOutlineRounded'
import RocketLaunchOutlined from '@mui/icons-material/RocketLaunchOutlined'
import SettingsOutlined from '@mui/icons-material/SettingsOutlined'
import Avatar from '@mui/material/Avatar'
import type { Notification } from '@/contracts/notifications'
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
/** Only what cannot carry a script, and no other protocol. */
const imageAddress = /^(https?:\/\/|\/(?!\/)|data:image\/(png|jpeg|gif|webp|avif);)/i

interface Props {
  notification: Pick<Notification, 'type' | 'avatarImage' | 'avatarIcon' | 'avatarText' | 'avatarColor'>
  size?: number
}

/** Image, icon or text, whichever is given first; else the icon of its kind. Decorative: the words are beside it. */
export function NotificationAvatar({ notification, size = 40 }: Props) {
  const { type, avatarImage, avatarIcon, avatarText, avatarColor } = notification
  const Icon = icons.get(avatarIcon ?? '') ?? kinds[type].Icon
  const colour = avatarColor && plainColour.test(avatarColor) ? avatarColor : undefined
  const tone = `var(--mui-palette-${type}-main)`

  return (
    <Avatar
      aria-hidden
      {...(avatarImage && imageAddress.test(avatarImage) ? { src: avatarImage, alt: '' } : {})}
      sx={{
        width: size,
        height: size,
        fontSize: size * 0.36,
        fontWeight: 600,
        // Whatever colour was asked for, what stands on it can be read.
        bgcolor: colour ?? `color-mix(in srgb, ${tone} 14%, var(--mui-palette-background-paper))`,
        color: colour ? '#fff' : tone,
        textShadow: colour ? '0 0 3px rgb(0 0 0 / 55%)' : 'none',
      }}
    >
      {!avatarIcon && avatarText ? avatarText : <Icon sx={{ fontSize: size * 0.55 }} />}
    </Avatar>
  )
}
