import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/architecture.md', 'utf8')
const way = [...page.matchAll(/^\| (both|socket|HTTP) \| `([^`]+)` \|/gm)].map(([, by = '', file = '']) => ({
  by,
  file,
}))

test('every file and folder that the page names is there', () => {
  const named = [...page.matchAll(/`((?:src|prisma|tests)\/[^\s`]+)`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(40)
  // The example of a new command names what is not there yet.
  expect(named.filter((path) => !existsSync(path))).toEqual([])
})

test('a message is read in few files', () => {
  const over = (transport: string) => way.filter(({ by }) => by === 'both' || by === transport).length
  expect(over('socket')).toBeLessThanOrEqual(30)
  expect(over('HTTP')).toBeLessThanOrEqual(34)
  expect(way.length).toBeLessThanOrEqual(40)
  expect(new Set(way.map(({ file }) => file)).size).toBe(way.length)
})
