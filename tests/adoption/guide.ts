import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fromMarkdown } from 'mdast-util-from-markdown'

/** A block of the guide: a file of that name, or commands. */
export interface Block {
  /** Undefined: commands. */
  title: string | undefined
  text: string
  /** The heading that it stands under. */
  section: string
}

/** All code blocks of a document, in order. */
export function readBlocks(markdown: string): Block[] {
  let section = ''
  return fromMarkdown(markdown).children.flatMap((node) => {
    if (node.type === 'heading') section = node.children.map((child) => ('value' in child ? child.value : '')).join('')
    if (node.type !== 'code') return []
    return [{ title: /title="([^"]+)"/.exec(node.meta ?? '')?.[1], text: node.value, section }]
  })
}

type Json = { [key: string]: Json } | unknown[] | string | number | boolean | null

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const merged = (before: Json | undefined, added: Json): Json =>
  isObject(before) && isObject(added)
    ? Object.fromEntries(
        [...Object.entries(before), ...Object.entries(added)].map(([key]) => [
          key,
          key in added ? merged(before[key], added[key] ?? null) : (before[key] ?? null),
        ]),
      )
    : added

/** What a reader does with a block that has a file's name: JSON and lists are added to, the rest is that file. */
export function applyBlock(app: string, { title = '', text }: Block): void {
  const file = path.join(app, title)
  mkdirSync(path.dirname(file), { recursive: true })
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  if (before !== undefined && title.endsWith('.json')) {
    // Both are JSON: parsing gives nothing else.
    const both = merged(JSON.parse(before) as Json, JSON.parse(text) as Json)
    writeFileSync(file, `${JSON.stringify(both, null, 2)}\n`)
  } else if (before !== undefined && title === '.gitignore') writeFileSync(file, `${before}\n${text}\n`)
  else writeFileSync(file, `${text}\n`)
}
