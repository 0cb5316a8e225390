import { readFileSync } from 'node:fs'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { inProject } from '../../scripts/support/project'

/** The code of a document's block, by the word behind its language: what a reader is told to run, for a test to run. */
export function documentBlock(document: string, language: string, name: string | null): string {
  const { children } = fromMarkdown(readFileSync(inProject(document), 'utf8'))
  const block = children.find((child) => child.type === 'code' && child.lang === language && child.meta === name)
  if (block?.type !== 'code') throw new Error(`${document} has no block of ${language} that is called ${name}.`)
  return block.value
}
