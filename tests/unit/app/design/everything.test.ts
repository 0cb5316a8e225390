import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { quietAnswers } from '@/app/design/fixtures/quiet'
import { groups } from '@/app/design/groups'
import { allCommands } from '@/contracts/all'
import { AppError } from '@/contracts/errors'
import { inProject } from '../../../../scripts/support/project'

const source = inProject('src')
const components = join(source, 'components')

/** What /design does not show, and why. */
const notShown: Record<string, string> = {}

/** The file that an import of ours names; undefined for a package. */
function resolve(from: string, name: string): string | undefined {
  if (!name.startsWith('.') && !name.startsWith('@/')) return undefined
  const path = name.startsWith('@/') ? join(source, name.slice(2)) : join(dirname(from), name)
  return ['', '.tsx', '.ts']
    .map((extension) => path + extension)
    .find((file) => /\.tsx?$/.test(file) && existsSync(file))
}

/** All that is reached from here by imports, also those that load later. */
function reached(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known
  known.add(file)
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
    const next = resolve(file, fileName)
    if (next) reached(next, known)
  }
  return known
}

test('every component is on the page, or in the list of those that are not, with the reason', () => {
  const onPage = reached(join(source, 'app', 'design', 'groups.ts'))
  const missing = readdirSync(components, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .filter((file) => !onPage.has(join(components, file)))
  expect(missing.map((file) => relative('.', file)).sort()).toEqual(Object.keys(notShown).sort())
})

test('each example has an anchor of its own', () => {
  const ids = groups.flatMap(({ examples }) => examples.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z-]+$/)
})

test('nothing but the page itself knows of it, so that no build has it', () => {
  const outside = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith(join('app', 'design')))
    .filter((file) =>
      ts
        .preProcessFile(readFileSync(join(source, file), 'utf8'))
        .importedFiles.some(({ fileName }) => resolve(join(source, file), fileName)?.includes(join('app', 'design'))),
    )
  expect(outside).toEqual([])
  const pages = readdirSync(join(source, 'app', 'design')).filter((file) => /^(page|layout|route)\./.test(file))
  expect(pages).toEqual(['page.dev.tsx'])
})

const nextTurn = () => new Promise<undefined>((resolve) => setImmediate(resolve, undefined))
const examples = groups.flatMap((group) => group.examples)

test.each([...examples, { id: 'quiet', answers: quietAnswers }])(
  'what is played is what the contract says: $id',
  async ({ answers = {} }) => {
    for (const [name, answer] of Object.entries(answers)) {
      const command = allCommands.find((known) => known.name === name)
      if (!command) throw new Error(`There is no command ${name}.`)
      const input = { roomId: 'group' }
      // A refusal is an AppError; what is never answered has nothing to be held against.
      const played = Promise.race([Promise.resolve(input as never).then(answer), nextTurn()]) // of any command
      const data: unknown = await played.catch((error: unknown) => {
        expect(error).toBeInstanceOf(AppError)
      })
      if (data !== undefined) expect(command.data.safeParse(data).error, name).toBeUndefined()
    }
  },
)
