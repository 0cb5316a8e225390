/** UTF-16 units of what is quoted of a message. */
export const EXCERPT_LENGTH = 120
/** Code points of the beginning that an excerpt is made of, however many of them are spaces. */
const BEGINNING = 240

/**
 * What is quoted of a message: one line of its beginning, cut between characters as people count them. It needs the first 240
 * code points of the text and looks at no more.
 */
export function excerptOf(text: string): string {
  const line = [...text.slice(0, 2 * BEGINNING)].slice(0, BEGINNING).join('').replace(/\s+/g, ' ').trim()
  if (line.length <= EXCERPT_LENGTH) return line
  let end = 0
  for (const { index, segment } of new Intl.Segmenter().segment(line)) {
    if (index + segment.length > EXCERPT_LENGTH - 1) break
    end = index + segment.length
  }
  // What looks like one character may be longer than all of it.
  const cut = end > 0 ? line.slice(0, end) : line.slice(0, EXCERPT_LENGTH - 1).toWellFormed()
  return `${cut.trimEnd()}…`
}
