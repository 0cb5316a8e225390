import { memo } from 'react'
import type { Notification } from '@/contracts/notifications'
import { formatMoment } from '../ui/clock'
import { formatAgo } from '../ui/relativeTime'
import { kinds } from './kinds'
import { NotificationAvatar } from './NotificationAvatar'
import css from './NotificationRow.module.css'
import { RowButton } from './RowButton'

interface Props {
  notification: Notification
  now: Date
  /** Lines of the message that are shown; all of them without it. */
  lines?: number | undefined
  onOpen: (notification: Notification) => void
  /** Absent: it is made up here, and can be neither marked nor deleted. */
  onSetRead?: ((id: string, read: boolean) => void) | undefined
  onRemove?: ((id: string) => void) | undefined
}

/**
 * Plain elements with static classes: a quick scroll makes fifty of these a second, and each part of a component library
 * in it would be paid for as often.
 */
export const NotificationRow = memo(function NotificationRow(props: Props) {
  const { notification, now, lines, onOpen, onSetRead, onRemove } = props
  const { id, title, message, type, status, createdAt } = notification
  const unread = status === 'unread'
  const at = new Date(createdAt)

  return (
    <div className={css.row}>
      <div className={classes(css.card, unread && css.unread)}>
        <button
          type="button"
          className={classes(css.open, onRemove && css.withActions)}
          onClick={() => onOpen(notification)}
        >
          <NotificationAvatar notification={notification} />
          <span className={css.words}>
            <span className={css.title}>
              <span className={css.unseen}>
                {unread ? 'Unread. ' : ''}
                {kinds[type].label}:{' '}
              </span>
              <bdi>{title}</bdi>
              {unread && <span className={css.mark} aria-hidden />}
            </span>
            <span
              dir="auto"
              className={classes(css.message, lines && css.clamped)}
              {...(lines ? { style: { WebkitLineClamp: lines } } : {})}
            >
              {message}
            </span>
            <time className={css.time} dateTime={createdAt} title={formatMoment(at)}>
              {formatAgo(at, now)}
            </time>
          </span>
        </button>
        {onSetRead && onRemove && (
          <div className={css.actions}>
            <RowButton
              label={unread ? 'Mark as read' : 'Mark as unread'}
              of={title}
              icon={unread ? 'markRead' : 'markUnread'}
              onClick={() => onSetRead(id, unread)}
            />
            <RowButton label="Delete" of={title} icon="close" onClick={() => onRemove(id)} />
          </div>
        )}
      </div>
    </div>
  )
})

const classes = (...names: unknown[]) => names.filter((name) => typeof name === 'string').join(' ')
