import { excerptOf } from '@/contracts/excerpt'
import type { Permission } from '@/contracts/permissions'
import { mayAlert, type Occasion, occasionOf } from '@/contracts/preferences'
import type { PushPayload } from '@/contracts/push'
import { preferencesOf } from '../notifications/PreferenceService'
import type { UnreadNotification, UnreadRoom, WaitingPush } from './ports'

/** By then a page that is not in front of anybody any more, or has lost its network, has been noticed. */
const IN_DOUBT_MS = 60_000
/** What waits is looked at again after at most so long: it may have been read. */
const LOOK_MS = 30_000
const DOUBT_LOOK_MS = 10_000
/** So many times the delay lie between the first and the second that nobody reads, and between all others. */
const SPACES = [5, 20] as const
/** UTF-16 units. */
const TITLE_LENGTH = 100
const MOST_COUNTED = 100
/** A longer address of a picture would fill the push. */
const PICTURE_LENGTH = 500

/** `waitMs`: it is too early to say. */
export type PushFate = { payload: PushPayload; urgency: 'normal' | 'high' } | 'drop' | { waitMs: number }

/** What a decision depends on besides the person and the news. */
export interface Surroundings {
  /** As `ChatPresenceService.inFront` says it. */
  inFront: boolean | undefined
  now: Date
  /** How long something has to be read before it is told. */
  delayMs: number
}

/**
 * Whether a browser is told, and what: only of what is unread, may call for this person's attention by push, and was not seen
 * on a page. Being named in a conversation goes before what else was said there: of one conversation there is one push. The
 * more of it nobody read, the longer it waits.
 */
export function decidePush(push: WaitingPush, { inFront, now, delayMs }: Surroundings): PushFate {
  const told = subjects(push).find(({ occasion, permission }) => {
    const { permissions, chosen } = push.person
    return permissions.includes(permission) && mayAlert(preferencesOf(chosen), occasion, 'push', now)
  })
  if (!told) return 'drop'
  // A page that has gone counts as in front for a while: what it did not get is not lost before that is known.
  if (inFront === true) return push.newestMs < IN_DOUBT_MS ? { waitMs: DOUBT_LOOK_MS } : 'drop'
  // What is unread after a minute is worth a push too many.
  if (inFront === undefined && push.oldestMs < IN_DOUBT_MS) return { waitMs: DOUBT_LOOK_MS }
  const earlyMs = spaceAfter(push.told) * delayMs - push.toldMs
  if (earlyMs > 0) return { waitMs: Math.min(earlyMs, LOOK_MS) }
  const { picture, title, ...said } = told.says
  const icon = picture !== null && picture.length <= PICTURE_LENGTH ? { icon: picture } : {}
  return {
    payload: { title: cut(title), ...said, tag: push.tag, ...icon },
    urgency: told.occasion.kind in ordinary ? 'normal' : 'high',
  }
}

const spaceAfter = (told: number): number => (told === 0 ? 0 : (SPACES[told - 1] ?? SPACES[1]))

/** What needs nobody at once. */
const ordinary = { info: true, success: true }

interface Subject {
  occasion: Occasion
  permission: Permission
  says: Pick<PushPayload, 'title' | 'body' | 'url'> & { picture: string | null }
}

const subjects = ({ room, notifications }: WaitingPush): Subject[] => [
  ...notifications.map(ofNotification),
  ...(room ? [ofRoom(room)] : []),
]

const ofNotification = ({ title, message, type, link, topic, picture }: UnreadNotification): Subject => ({
  occasion: occasionOf({ type, link: link ?? undefined, topic: topic ?? undefined }),
  permission: 'notifications:read',
  says: { title, body: excerptOf(message), url: link ?? '/notifications', picture },
})

const ofRoom = ({
  id,
  kind,
  name,
  mutedUntil,
  text,
  senderName,
  picture,
  count,
  mentioned,
}: UnreadRoom & { id: string }): Subject => {
  const who = kind === 'direct' ? senderName : (name ?? 'A group')
  const many = count >= MOST_COUNTED ? `${MOST_COUNTED} new messages or more` : `${count} new messages`
  // What was told of that may have been replaced, on the screen or on its way.
  const news = [...(mentioned ? ['you were mentioned'] : []), ...(count > 1 ? [many] : [])].join(', ')
  return {
    occasion: { kind, mutedUntil: mutedUntil ?? undefined },
    permission: 'chat:read',
    says: {
      title: news ? `${cut(who)}: ${news}` : who,
      body: kind === 'direct' ? excerptOf(text) : `${cut(senderName)}: ${excerptOf(text)}`,
      url: `/chat/${id}`,
      picture,
    },
  }
}

const cut = (text: string): string =>
  text.length <= TITLE_LENGTH
    ? text
    : `${text
        .slice(0, TITLE_LENGTH - 1)
        .toWellFormed()
        .trimEnd()}…`
