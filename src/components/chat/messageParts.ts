import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { linkify } from './linkify'

/** A stretch of a message: text, a web address, code within a line, or lines of code. */
export type MessagePart =
  | { kind: 'text' | 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string }

/** Of Markdown a message has code alone; whatever else somebody types means itself. */
const means = {
  extensions: [
    {
      disable: {
        null: [
          ...['attention', 'autolink', 'characterEscape', 'characterReference', 'hardBreakEscape', 'htmlText'],
          ...['labelEnd', 'labelStartImage', 'labelStartLink', 'blockQuote', 'codeIndented', 'definition'],
          ...['headingAtx', 'htmlFlow', 'list', 'setextUnderline', 'thematicBreak'],
        ],
      },
    },
  ],
}

/** The parts of a message in order; what is neither code nor an address is as it was written, letter for letter. */
export function messageParts(text: string): MessagePart[] {
  const parts: MessagePart[] = []
  let done = 0
  const addText = (end: number) => {
    if (end > done) parts.push(...textParts(text.slice(done, end)))
  }
  for (const { part, start, end } of text.includes('`') ? codeIn(text) : []) {
    if (part.kind === 'block') {
      // The line breaks around a block are its own.
      addText(lineBefore(text, start))
      done = end + (/^\r?\n/.exec(text.slice(end, end + 2))?.[0].length ?? 0)
    } else {
      addText(start)
      done = end
    }
    parts.push(part)
  }
  addText(text.length)
  return parts
}

const textParts = (text: string): MessagePart[] =>
  linkify(text).map(({ text: shown, href }) =>
    href === undefined ? { kind: 'text', text: shown } : { kind: 'link', text: shown, href },
  )

function codeIn(text: string) {
  return fromMarkdown(text, means).children.flatMap((block) => {
    const nodes = block.type === 'paragraph' ? block.children : [block]
    return nodes.flatMap((node) => {
      const [start = 0, end = 0] = [node.position?.start.offset, node.position?.end.offset]
      const part = partOf(node, text.charAt(start))
      return part ? [{ part, start, end }] : []
    })
  })
}

function partOf(node: Nodes, first: string): MessagePart | undefined {
  if (node.type === 'inlineCode') return { kind: 'code', text: node.value }
  // People draw lines of tildes, and sign with them.
  if (node.type !== 'code' || first !== '`' || node.value === '') return undefined
  const info = [node.lang, node.meta].filter((word) => typeof word === 'string').join(' ')
  return { kind: 'block', text: language.test(info) ? node.value : `${info}\n${node.value}` }
}

/** What stands beside the backticks and is no language, belongs to the message. */
const language = /^[\w+#.-]*$/

/** Where the line before this place ends, without the blanks that the place is indented by. */
function lineBefore(text: string, place: number): number {
  let end = place
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1
  if (text[end - 1] === '\n') end -= 1
  return text[end - 1] === '\r' ? end - 1 : end
}
