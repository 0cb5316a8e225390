export interface TextPart {
  text: string
  href?: string
}

/** What turns the direction of a text ends an address: with it inside, it would look like another one. */
const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`\p{Bidi_Control}]+/giu

const count = (text: string, character: string) => text.split(character).length - 1

/** Without what ends the sentence rather than the address; a closing bracket stays if the address opened it. */
function trimEnd(url: string) {
  let unopened = count(url, ')') - count(url, '(')
  let end = url.length
  for (; end > 0; end--) {
    const last = url.charAt(end - 1)
    if (last === ')' && unopened > 0) unopened -= 1
    else if (!'.,;:!?*_~'.includes(last)) break
  }
  return url.slice(0, end)
}

/** Addresses that a browser cannot read stay text. */
function hrefOf(url: string) {
  try {
    return new URL(/^https?:/i.test(url) ? url : `https://${url}`).href
  } catch {
    return undefined
  }
}

/** Splits a message into text and web addresses; only http and https ever become links. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const match of text.matchAll(address)) {
    const url = trimEnd(match[0])
    const href = hrefOf(url)
    if (!href) continue
    if (match.index > done) parts.push({ text: text.slice(done, match.index) })
    parts.push({ text: url, href })
    done = match.index + url.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}
