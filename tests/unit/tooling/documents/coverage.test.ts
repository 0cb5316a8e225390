import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorTable } from '@/contracts/errors'
import { namespacePermissions } from '@/contracts/namespaces'
import { groups } from '../../../../scripts/dashboard/groups'

/** The first cells of the tables below a heading, to the next one. */
function firstCells(document: string, heading: string): string[] {
  const [, ...parts] = readFileSync(document, 'utf8').split(`\n## ${heading}\n`)
  const section = parts.join().split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell.replaceAll('`', '')).slice(1)
}

test('every code of the error table has its cause and what to do, and no other has', () => {
  expect(firstCells('docs/api/socket-troubleshooting.md', 'Every code').sort()).toEqual(Object.keys(errorTable).sort())
})

test('every group of the dashboard is explained', () => {
  const page = readFileSync('docs/monitoring/dashboards/socket-dashboard.md', 'utf8')
  expect(groups.map(({ title }) => title).filter((title) => !page.includes(`\n| ${title} |`))).toEqual([])
})

test('every namespace is named with what it asks for', () => {
  const page = readFileSync('docs/api/socket-architecture.md', 'utf8')
  const missing = Object.entries(namespacePermissions).filter(
    ([name, permission]) => !page.includes(`| \`${name}\` | \`${permission}\` |`),
  )
  expect(missing).toEqual([])
})

test('every hook that the client’s page names is there', () => {
  const named = [...readFileSync('docs/api/socket-client.md', 'utf8').matchAll(/`(use\w+)[`(]/g)].map(
    ([, name]) => name,
  )
  const files = readdirSync('src/hooks').map((file) => readFileSync(`src/hooks/${file}`, 'utf8'))
  const there = [...files.join('\n').matchAll(/^export (?:const|function) (use\w+)/gm)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !there.includes(name))).toEqual([])
})

test('every figure that the README shows was measured', () => {
  const [, measured = ''] = readFileSync('README.md', 'utf8').split('\n## What is measured\n')
  const rows = (measured.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
  const figures = rows.flatMap((row) => row.split('|').slice(2)).flatMap((cell) => /[\d,.]+/.exec(cell)?.[0] ?? [])
  expect(figures.length).toBeGreaterThan(15)
  const performance = readFileSync('docs/performance.md', 'utf8')
  expect(figures.filter((figure) => !performance.includes(` ${figure} `))).toEqual([])
})
