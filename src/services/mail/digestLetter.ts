import type { Digest } from '@/contracts/preferences'
import type { DigestContent } from './decideDigest'
import { type Block, letterOf } from './letter'
import type { Letter } from './ports'

/** Notifications that are told one by one. */
const NOTIFICATIONS = 10
/** Characters of a message; the rest is behind its link. */
const QUOTED = 300
/** More than so many are not counted. */
const COUNTED = 100

/** Where the links of a digest lead. */
export interface DigestAddresses {
  /** Of the pages. */
  publicUrl: string
  /** The page that ends digests. */
  unsubscribeUrl: string
}

/** What somebody has not read, with the way to each conversation. */
export function digestLetter(
  name: string,
  digest: Exclude<Digest, 'off'>,
  { rooms, notifications }: DigestContent,
  { publicUrl, unsubscribeUrl }: DigestAddresses,
): Letter {
  const messages = rooms.reduce((sum, { unread }) => sum + unread, 0)
  const isCounted = rooms.every(({ unread }) => unread < COUNTED)
  const [only] = rooms.length === 1 ? rooms : []
  const parts = [
    ...(messages > 0
      ? [`${counted(messages, 'unread message', isCounted)}${only?.name ? ` ${whence(only)}` : ''}`]
      : []),
    ...(notifications.length > 0
      ? [counted(Math.min(notifications.length, COUNTED), 'notification', notifications.length < COUNTED)]
      : []),
  ]
  const more = notifications.length - NOTIFICATIONS
  const blocks: Block[] = [
    { paragraph: `Hello ${name},` },
    {
      paragraph: `this waits for you on Tandem, the oldest of it for more than ${digest === 'hour' ? 'an hour' : 'a day'}:`,
    },
    ...rooms.flatMap(({ roomId, kind, name: room, unread, newest }): Block[] => [
      {
        heading: room || (kind === 'group' ? 'A group' : 'A conversation'),
        url: `${publicUrl}/chat/${encodeURIComponent(roomId)}`,
      },
      ...(unread > newest.length
        ? [{ paragraph: `${counted(unread, 'unread message', unread < COUNTED)}, the last of them:` }]
        : []),
      ...newest.map(({ name, text }) => ({ quote: shortened(text), by: name })),
    ]),
    ...(notifications.length > 0 ? [{ heading: 'Notifications', url: `${publicUrl}/notifications` }] : []),
    ...notifications.slice(0, NOTIFICATIONS).map(({ title, message }) => ({ quote: shortened(message), by: title })),
    ...(more > 0
      ? [{ paragraph: `And ${counted(Math.min(more, COUNTED), 'notification', more < COUNTED)} more.` }]
      : []),
    { button: 'Open Tandem', url: `${publicUrl}/chat` },
    {
      small: 'The preferences of your notifications say what is mailed, and how soon.',
      link: { words: 'No more of these mails', url: unsubscribeUrl },
    },
  ]
  return letterOf(parts.join(' and '), blocks)
}

const whence = ({ kind, name }: DigestContent['rooms'][number]) => (kind === 'group' ? `in ${name}` : `from ${name}`)

const counted = (count: number, what: string, isAll = true) =>
  `${count}${isAll ? '' : '+'} ${what}${count === 1 ? '' : 's'}`

const shortened = (text: string): string => {
  const characters = Array.from(text)
  return characters.length > QUOTED ? `${characters.slice(0, QUOTED).join('')}…` : text
}
