/** Characters of a word beyond this count for nothing. */
const MOST_CHARACTERS = 40

const cut = (word: string) => (word.length <= MOST_CHARACTERS ? word : [...word].slice(0, MOST_CHARACTERS).join(''))

/** A word as the search compares it: without case, accents and other marks, and the same in every way to write it. */
const fold = (text: string) =>
  text
    .normalize('NFKD') // first: what stands for large letters becomes them
    .toLowerCase()
    .replace(/\p{M}+/gu, '')

/** The words of a text, each once, in the order in which they come; the same rules in every language. */
export const searchWords = (text: string): string[] => [
  ...new Set((fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(cut)),
]

/** A piece of a text, and whether the search found it by that. */
export interface MarkedPart {
  text: string
  isMarked: boolean
}

/** A text in parts, those marked that a search for `query` finds it by. */
export function markWords(text: string, query: string): MarkedPart[] {
  const words = searchWords(query)
  const begun = words.pop()
  const isFound = (part: string) =>
    searchWords(part).some((word) => words.includes(word) || (begun !== undefined && word.startsWith(begun)))
  const parts: MarkedPart[] = []
  for (const [part] of text.matchAll(/[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+/gu)) {
    const isMarked = isFound(part)
    const last = parts.at(-1)
    if (last?.isMarked === isMarked) last.text += part
    else parts.push({ text: part, isMarked })
  }
  return parts
}
