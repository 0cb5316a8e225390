/** A stretch of a message: text, code within a line, or lines of code. */
export interface MessagePart {
  kind: 'text' | 'code' | 'block'
  text: string
}

/** As in Markdown: a line that begins with three backticks opens code, one of nothing else closes it. */
const opening = /^```[^`]*$/
const closing = /^```\s*$/
/** As many backticks as it began with, on the same line. */
const inline = /(?<!`)(`{1,3})(?!`)([^\n]*?[^`\n])\1(?!`)/g

/** Of Markdown a message has code alone: what else somebody types means itself. An open block ends with the message. */
export function messageParts(text: string): MessagePart[] {
  if (!text.includes('`')) return [{ kind: 'text', text }]
  const parts: MessagePart[] = []
  let code: string[] | undefined
  let opened = ''
  let lines: string[] = []
  const endText = () => {
    if (lines.length > 0) parts.push(...inlineParts(lines.join('\n')))
    lines = []
  }
  for (const line of text.split('\n')) {
    if (code === undefined && opening.test(line)) {
      endText()
      opened = line
      code = []
    } else if (code !== undefined && closing.test(line)) {
      parts.push({ kind: 'block', text: code.join('\n') })
      code = undefined
    } else (code ?? lines).push(line)
  }
  if (code?.length === 0) lines.push(opened)
  else if (code !== undefined) parts.push({ kind: 'block', text: code.join('\n') })
  endText()
  return parts
}

function inlineParts(text: string): MessagePart[] {
  const parts: MessagePart[] = []
  let done = 0
  for (const match of text.matchAll(inline)) {
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) })
    parts.push({ kind: 'code', text: match[2] ?? '' })
    done = match.index + match[0].length
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) })
  return parts
}
