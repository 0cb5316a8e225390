import { type MarkedPart, markWords } from '@/contracts/searchWords'

/** Characters before the first word that was found, where the text is cut. */
const BEFORE = 40
/** More than two lines show of it. */
const LENGTH = 240

/** A message on one line, from shortly before the first word that was searched for, with those marked. */
export function searchExcerpt(text: string, query: string): MarkedPart[] {
  const parts = markWords(text.replace(/\s+/g, ' '), query)
  const [first] = parts
  if (first && !first.isMarked && first.text.length > BEFORE) {
    // Between words.
    first.text = `…${first.text.slice(-BEFORE).replace(/^\S*\s/, '')}`
  }
  let left = LENGTH
  return parts.flatMap((part) => {
    if (left <= 0) return []
    const shown = part.text.slice(0, left)
    left -= part.text.length
    return [{ ...part, text: left < 0 ? `${shown}…` : shown }]
  })
}
