import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'

/** A stretch of a message: text, a web address, code within a line, or lines of code. */
export type MessagePart =
  | { kind: 'text' | 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string }

/** Of Markdown a message has code and addresses; whatever else somebody types means itself. */
const means = {
  extensions: [
    gfmAutolinkLiteral(),
    {
      disable: {
        null: [
          ...['attention', 'characterEscape', 'characterReference', 'hardBreakEscape', 'htmlText'],
          ...['labelEnd', 'labelStartImage', 'labelStartLink'],
          ...[
            'blockQuote',
            'codeIndented',
            'definition',
            'headingAtx',
            'htmlFlow',
            'list',
            'setextUnderline',
            'thematicBreak',
          ],
        ],
      },
    },
  ],
  mdastExtensions: [gfmAutolinkLiteralFromMarkdown()],
}

/** Without any of these nothing can be but text. */
const special = /`|~~~|https?:\/\/|www\./i

/** The parts of a message in order; what is not code or an address is as it was written, letter for letter. */
export function messageParts(text: string): MessagePart[] {
  if (!special.test(text)) return [{ kind: 'text', text }]
  const parts: MessagePart[] = []
  let done = 0
  const addText = (end: number) => {
    if (end > done) parts.push({ kind: 'text', text: text.slice(done, end) })
  }
  for (const { part, start, end } of found(text)) {
    if (part.kind === 'block') {
      // The line breaks around a block are its own.
      addText(text.slice(0, start).replace(/\n?[ \t]*$/, '').length)
      done = text[end] === '\n' ? end + 1 : end
    } else {
      addText(start)
      done = end
    }
    parts.push(part)
  }
  addText(text.length)
  return parts
}

/** Where there is code or an address, in order. */
function found(text: string) {
  return fromMarkdown(text, means).children.flatMap((block) => {
    const nodes = block.type === 'paragraph' ? block.children : [block]
    return nodes.flatMap((node) => {
      const [start = 0, end = 0] = [node.position?.start.offset, node.position?.end.offset]
      const part = partOf(node, text.slice(start, end))
      return part ? [{ part, start, end }] : []
    })
  })
}

function partOf(node: Nodes, written: string): MessagePart | undefined {
  if (node.type === 'inlineCode') return { kind: 'code', text: node.value }
  if (node.type === 'code') return node.value === '' ? undefined : { kind: 'block', text: node.value }
  if (node.type !== 'link') return undefined
  const href = hrefOf(written.replace(/^<(.*)>$/, '$1'))
  return href === undefined ? undefined : { kind: 'link', text: written, href }
}

/** Only http and https, and what a browser can read; all else stays text. */
function hrefOf(written: string): string | undefined {
  const address = /^www\./i.test(written) ? `https://${written}` : written
  return /^https?:/i.test(address) && URL.canParse(address) ? new URL(address).href : undefined
}
