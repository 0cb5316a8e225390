import CampaignOutlined from '@mui/icons-material/CampaignOutlined'
import ChatBubbleOutlineRounded from '@mui/icons-material/ChatBubbleOutlineRounded'
import EventOutlined from '@mui/icons-material/EventOutlined'
import LockOutlined from '@mui/icons-material/LockOutlined'
import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import PersonOutlineRounded from '@mui/icons-material/PersonOutlineRounded'
import RocketLaunchOutlined from '@mui/icons-material/RocketLaunchOutlined'
import SettingsOutlined from '@mui/icons-material/SettingsOutlined'
import { useState } from 'react'
import type { Notification } from '@/contracts/notifications'
import { kinds } from './kinds'
import css from './NotificationAvatar.module.css'

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
  const [broken, setBroken] = useState<string>()
  const Icon = icons.get(avatarIcon ?? '') ?? kinds[type].Icon
  const image = avatarImage && avatarImage !== broken && imageAddress.test(avatarImage) ? avatarImage : undefined
  const text = (!avatarIcon && avatarText) || undefined
  const colour = avatarColor && plainColour.test(avatarColor) ? avatarColor : undefined
  const tone = `var(--mui-palette-${type}-main)`

  return (
    <span
      aria-hidden
      className={css.avatar}
      style={{
        width: size,
        height: size,
        fontSize: size * (text ? 0.36 : 0.55),
        // Whatever colour was asked for, what stands on it can be read.
        backgroundColor: colour ?? `color-mix(in srgb, ${tone} 14%, var(--mui-palette-background-paper))`,
        color: colour ? '#fff' : tone,
        ...(colour ? { textShadow: '0 0 3px rgb(0 0 0 / 55%)' } : {}),
      }}
    >
      {image ? (
        // biome-ignore lint/performance/noImgElement: an address from anywhere, which our server must not fetch for us.
        <img src={image} alt="" onError={() => setBroken(image)} />
      ) : (
        (text ?? <Icon fontSize="inherit" />)
      )}
    </span>
  )
}
