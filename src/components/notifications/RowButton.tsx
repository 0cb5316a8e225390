import { Tooltip } from '../ui/Tooltip'
import css from './NotificationRow.module.css'

/** Material Symbols "close", "mark chat read" and "mark chat unread": bare paths, since each row draws two of them. */
const icons = {
  close:
    'M18.3 5.71a.996.996 0 0 0-1.41 0L12 10.59 7.11 5.7a.996.996 0 0 0-1.41 0c-.39.39-.39 1.02 0 1.41L10.59 12 5.7 16.89c-.39.39-.39 1.02 0 1.41s1.02.39 1.41 0L12 13.41l4.89 4.89c.39.39 1.02.39 1.41 0s.39-1.02 0-1.41L13.41 12l4.89-4.89c.38-.38.38-1.02 0-1.4',
  markRead:
    'M12 18H6l-4 4V4c0-1.1.9-2 2-2h16c1.1 0 2 .9 2 2v7h-2V4H4v12h8zm11-3.66-1.41-1.41-4.24 4.24-2.12-2.12-1.41 1.41L17.34 20z',
  markUnread:
    'M22 6.98V16c0 1.1-.9 2-2 2H6l-4 4V4c0-1.1.9-2 2-2h10.1c-.06.32-.1.66-.1 1s.04.68.1 1H4v12h16V7.9c.74-.15 1.42-.48 2-.92M16 3c0 1.66 1.34 3 3 3s3-1.34 3-3-1.34-3-3-3-3 1.34-3 3',
}

interface Props {
  label: string
  /** What a screen reader hears besides: which notification it concerns. */
  of: string
  icon: keyof typeof icons
  onClick: () => void
}

/** A round button of a row. */
export const RowButton = ({ label, of, icon, onClick }: Props) => (
  <Tooltip title={label}>
    <button type="button" className={css.action} aria-label={`${label}: ${of}`} onClick={onClick}>
      <svg viewBox="0 0 24 24" aria-hidden>
        <path d={icons[icon]} />
      </svg>
    </button>
  </Tooltip>
)
