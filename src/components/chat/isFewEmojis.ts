import { areEmojis, canonicalEmoji } from '@/contracts/emoji'

/** Such a message is shown larger. */
export function isFewEmojis(text: string): boolean {
  // Most messages are not even looked at.
  if (text.length > 120 || /\p{L}|^\p{ASCII}*$/u.test(text)) return false
  try {
    return areEmojis(canonicalEmoji(text), 3)
  } catch {
    return false
  }
}
