import type { Letter } from './ports'

/** What a mail is made of; both its texts are written from it. */
export type Block =
  | { paragraph: string }
  | { heading: string; url?: string }
  | { quote: string; by: string }
  /** What to do now. */
  | { button: string; url: string }
  /** Below everything. `url`: of the last words. */
  | { small: string; link?: { words: string; url: string } }

/** Names are anybody's text: in a subject no line may end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get there
export const oneLine = (text: string): string => text.replaceAll(/[\x00-\x1f\x7f\u2028\u2029]+/g, ' ').trim()

/** A mail as plain text and as HTML, both of the same blocks; what is in them is escaped. */
export const letterOf = (subject: string, blocks: readonly Block[]): Letter => ({
  subject: oneLine(subject),
  text: `${blocks.map(asText).join('\n\n')}\n`,
  html: page(oneLine(subject), blocks.map(asHtml).join('\n')),
})

function asText(block: Block): string {
  if ('paragraph' in block) return block.paragraph
  if ('heading' in block) return block.url === undefined ? block.heading : `${block.heading}\n${block.url}`
  if ('quote' in block) return `${block.by}:\n${block.quote.replaceAll(/^/gm, '> ')}`
  if ('button' in block) return `${block.button}:\n${block.url}`
  return `--\n${block.small}${block.link ? ` ${block.link.words}: ${block.link.url}` : ''}`
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? '')
const lines = (text: string): string => escaped(text).replaceAll(/\r?\n/g, '<br>')

function asHtml(block: Block): string {
  if ('paragraph' in block) return `<p>${lines(block.paragraph)}</p>`
  if ('heading' in block) {
    const words = escaped(block.heading)
    return `<h2>${block.url === undefined ? words : `<a href="${escaped(block.url)}">${words}</a>`}</h2>`
  }
  if ('quote' in block) return `<blockquote><b>${escaped(block.by)}</b><br>${lines(block.quote)}</blockquote>`
  if ('button' in block) return `<p><a class="button" href="${escaped(block.url)}">${escaped(block.button)}</a></p>`
  const link = block.link ? ` <a href="${escaped(block.link.url)}">${escaped(block.link.words)}</a>` : ''
  return `<p class="small">${lines(block.small)}${link}</p>`
}

/** One column as wide as its window, in the reader's own light or dark; nothing is loaded. */
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; background: #f5f7f5; color: #17201c; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 560px; margin: 0 auto; padding: 24px; border-radius: 16px; background: #ffffff; overflow-wrap: anywhere; }
h2 { margin: 24px 0 8px; font-size: 18px; }
a { color: #0b6b52; }
a.button { display: inline-block; padding: 10px 20px; border-radius: 10px; background: #0b6b52; color: #ffffff; text-decoration: none; }
blockquote { margin: 8px 0; padding: 0 0 0 12px; border-left: 3px solid #b9c7c0; }
.small { margin-top: 32px; color: #5b6963; font-size: 13px; }
@media (prefers-color-scheme: dark) {
body { background: #0e1412; color: #e6ece9; }
main { background: #161e1b; }
a { color: #6fd3b3; }
a.button { background: #6fd3b3; color: #0e1412; }
blockquote { border-color: #3d4a45; }
.small { color: #9aa8a2; }
}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
