import type { Participant } from '@/contracts/chat'
import type { Reaction } from '@/contracts/chatShapes'

/** All who reacted to a message with one emoji. */
export interface ReactionChip {
  emoji: string
  count: number
  mine: boolean
  /** The others, as far as they are known here. */
  names: readonly string[]
  /** The message names only some of them, and not oneself: whether one is among them, only the server knows. */
  isPartial: boolean
}

interface Known {
  myId: string
  people: ReadonlyMap<string, Pick<Participant, 'name'>>
  /** One's own, where the message does not name everybody. */
  own: ReadonlySet<string> | undefined
}

export const reactionChips = (reactions: readonly Reaction[], { myId, people, own }: Known): ReactionChip[] =>
  reactions.map(({ emoji, count, userIds }) => {
    const isNamed = userIds.includes(myId)
    const isPartial = userIds.length < count && !isNamed
    return {
      emoji,
      count,
      isPartial,
      mine: isNamed || (isPartial && own?.has(emoji) === true),
      names: userIds.flatMap((id) => (id === myId ? [] : (people.get(id)?.name ?? []))),
    }
  })

/** As it will be when this reaction of one's own is done; what is so already stays as it is. */
export function withReaction(
  chips: readonly ReactionChip[],
  { emoji, on }: { emoji: string; on: boolean },
): readonly ReactionChip[] {
  const known = chips.find((chip) => chip.emoji === emoji)
  if (!known) return on ? [...chips, { emoji, count: 1, mine: true, names: [], isPartial: false }] : chips
  if (known.mine === on) return chips
  const next = { ...known, mine: on, count: known.count + (on ? 1 : -1) }
  return chips.flatMap((chip) => (chip !== known ? [chip] : next.count > 0 ? [next] : []))
}

/** Names beyond this are counted. */
const MOST_NAMES = 10

/** "You, Ada and 3 others" */
export function whoReacted({ count, mine, names }: ReactionChip): string {
  const shown = [...(mine ? ['You'] : []), ...names].slice(0, MOST_NAMES)
  const others = count - shown.length
  const rest = others > 0 ? [shown.length === 0 ? people(others) : `${others} other${others === 1 ? '' : 's'}`] : []
  return new Intl.ListFormat('en').format([...shown, ...rest])
}

const people = (count: number) => (count === 1 ? 'somebody' : `${count} people`)
