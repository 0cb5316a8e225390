/** PostgreSQL's number for `text`. */
const TEXT_OID = 25

/**
 * Texts as PostgreSQL reads a `text[]` in its binary format: nothing has to be quoted by us and unquoted there, which is
 * most of what sending a long array costs otherwise.
 */
export function textArray(texts: readonly string[]): Buffer {
  const bytes = texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 20)
  const array = Buffer.allocUnsafe(bytes)
  // One dimension, no nulls, of texts; so many of them, counted from 1.
  let at = [1, 0, TEXT_OID, texts.length, 1].reduce((place, number) => array.writeInt32BE(number, place), 0)
  for (const text of texts) {
    const length = array.write(text, at + 4)
    array.writeInt32BE(length, at)
    at += 4 + length
  }
  return array
}
