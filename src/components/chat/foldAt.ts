/** Where a message that is longer than this folds: characters, and lines. */
const shown = { characters: 1_000, lines: 14 }
/** Less than this is not worth a button. */
const hidden = { characters: 200, lines: 3 }

/** How many characters of a very long message are shown until somebody asks for the rest; undefined: all of them. */
export function foldAt(text: string): number | undefined {
  const isLong = text.length > shown.characters + hidden.characters
  const lines = text.split('\n')
  const hasManyLines = lines.length > shown.lines + hidden.lines
  if (!isLong && !hasManyLines) return undefined
  const afterLines = hasManyLines ? lines.slice(0, shown.lines).join('\n').length : text.length
  const most = wholeCharacters(text, Math.min(shown.characters, afterLines))
  if (text.charAt(most) === '\n') return most
  // Between words: half an address would be another address.
  const beforeWord = text.slice(0, most).search(/\s\S*$/)
  return beforeWord > most / 2 ? beforeWord : most
}

/** One less where the end would lie within a character of two units. */
const wholeCharacters = (text: string, end: number) =>
  /^[\uDC00-\uDFFF]/.test(text.slice(end, end + 1)) ? end - 1 : end
