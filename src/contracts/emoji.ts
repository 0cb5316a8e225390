const selectors = /[\ufe0e\ufe0f]/g
/** What stands as text unless a selector says otherwise: ❤, ☎, the digit of 1️⃣. */
const textByDefault = /(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu

/** What Unicode lists as one emoji, of however many characters it is made: a flag, a family, a digit in a box. */
const listed = String.raw`\p{RGI_Emoji}`
const flags = 'v'
const patterns = new Map<number, RegExp>()

/**
 * One to so many emojis, with nothing but space between them, each as `canonicalEmoji` writes it.
 * @throws SyntaxError in a browser that does not know the list: those of before 2023.
 */
export function areEmojis(text: string, most: number): boolean {
  const pattern = patterns.get(most) ?? new RegExp(`^${listed}(?:\\s*${listed}){0,${most - 1}}$`, flags)
  patterns.set(most, pattern)
  return pattern.test(text)
}

/** The one way to write an emoji, of several that look the same: ❤️ for ❤ and ❤︎, 👍 for 👍️. */
export const canonicalEmoji = (text: string): string =>
  text.replace(selectors, '').replace(textByDefault, (character) => `${character}\ufe0f`)
