import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rateLimitVariables, variables } from '@/lib/env/variables'
import { configurationPage, defaultOf, shownValues } from '../../../scripts/api-documents/configurationPage'

const example = readFileSync('.env.example', 'utf8')
const page = configurationPage(example)

test('every variable is described', () => {
  const all = Object.keys({ ...variables.shape, ...rateLimitVariables.shape })
  expect(all.filter((name) => !new RegExp(`\`${name}\``).test(page))).toEqual([])
})

test.each(shownValues(example).filter(({ name }) => defaultOf(name) !== undefined))(
  '.env.example shows the default of $name',
  ({ name, value }) => {
    expect(value).toBe(defaultOf(name))
  },
)

test('the page tells a default from an example, and says where there is neither', () => {
  expect(page).toContain('| `HOST` | `localhost` |')
  expect(page).toContain('| `REDIS_URL` | unset; example `redis://host:6379` |')
  expect(page).toContain('| `SERVICE_KEY` | unset |')
})
