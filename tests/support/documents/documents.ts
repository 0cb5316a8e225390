import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Code, Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'

const folders = ['.github', 'docs', 'examples', 'monitoring', 'src', 'tests']

const isPage = (name: string): boolean => name.endsWith('.md')

/** Every page of the repository, as a path from its root. */
export const documents = (): string[] => [
  ...readdirSync('.').filter(isPage),
  ...folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(isPage)
      .map((name) => join(folder, name)),
  ),
]

/** A block of code in a page. */
export interface CodeBlock {
  document: string
  /** Where it is, to be clicked on: `README.md:13`. */
  place: string
  /** What stands behind the three backticks; empty for a picture made of letters. */
  language: string
  text: string
  /** In docs/adopt.md: the file of the reader's own app that it is (`title="…"`). */
  file?: string | undefined
  /** The heading above it. */
  heading: string
}

const textOf = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(textOf).join('') : ''

function blocksOf(document: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let heading = ''
  const keep = ({ lang, meta, value, position }: Code): void => {
    blocks.push({
      document,
      place: `${document}:${position?.start.line}`,
      language: lang ?? '',
      text: value,
      file: /title="([^"]+)"/.exec(meta ?? '')?.[1],
      heading,
    })
  }
  const visit = (node: Nodes): void => {
    if (node.type === 'heading') heading = textOf(node)
    if (node.type === 'code') keep(node)
    if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(fromMarkdown(readFileSync(document, 'utf8')))
  return blocks
}

/** Every block of code of these languages, in all pages; of all languages unless some are named. */
export const codeBlocks = (...languages: string[]): CodeBlock[] =>
  documents()
    .flatMap(blocksOf)
    .filter(({ language }) => languages.length === 0 || languages.includes(language))
