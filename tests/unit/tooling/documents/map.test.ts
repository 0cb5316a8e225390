import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { documents } from '../../../support/documents/documents'

const map = readFileSync('docs/README.md', 'utf8')
const linked = [...map.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => join('docs', path))

test('the map leads to every document', () => {
  const pages = documents().filter(
    (page) => page.startsWith('docs/') && !page.startsWith('docs/decisions/') && page !== 'docs/README.md',
  )
  expect(pages.filter((page) => !linked.includes(page))).toEqual([])
})

test('what was asked for has a page each', () => {
  const [, asked = ''] = map.split('## The documents that were asked for')
  const rows = [...asked.matchAll(/^\| (.+) \| (.*) \|$/gm)].slice(1)
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.filter(([, , page = '']) => page.trim() === '')).toEqual([])
})

test.each(['bug', 'feature'])('the form for a %s has fields that GitHub knows', (form) => {
  const { name, description, body } = parse(readFileSync(`.github/ISSUE_TEMPLATE/${form}.yml`, 'utf8'))
  expect([typeof name, typeof description]).toEqual(['string', 'string'])
  for (const { type, id, attributes } of body) {
    expect(['markdown', 'textarea', 'input', 'dropdown']).toContain(type)
    expect(type === 'markdown' ? attributes.value : attributes.label).toBeTypeOf('string')
    if (type !== 'markdown') expect(id).toMatch(/^[\w-]+$/)
  }
})
