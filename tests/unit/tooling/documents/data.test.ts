import { transform } from 'esbuild'
import { parse as parseGraphql } from 'graphql'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type CodeBlock, codeBlocks } from '../../../support/documents/documents'
import { isServed } from './knownCommands'

/** How a block of each language is read; undefined where another test has more to say of all of them. */
const readers: Record<string, ((text: string) => unknown) | undefined> = {
  json: (text) => JSON.parse(text),
  yaml: (text) => parseYaml(text),
  js: (text) => transform(text, { loader: 'js' }),
  graphql: (text) => parseGraphql(text), // tests/unit/lib/graphql/schema.test.ts holds it against the schema
  http: (text) => {
    const [, method = '', path = ''] = /^([A-Z]+) (\/[^\s?]*)/.exec(text) ?? []
    if (!isServed(method, path)) throw new Error(`Nothing is served at ${method} ${path}.`)
  },
  diff: undefined, // tests/integration/contract applies them
  sql: undefined, // tests/integration/migration runs them
  ts: undefined, // types.test.ts
  tsx: undefined,
  bash: undefined, // commands.test.ts, and tests/integration/documents runs them
  sh: undefined,
  python: undefined, // tests/integration/webhooks/documented.test.ts and tests/integration/documents run it
  text: undefined, // for people
  mermaid: undefined, // likewise: GitHub draws it
  '': undefined, // a picture made of letters
}

const fault = async ({ place, language, text }: CodeBlock): Promise<string[]> => {
  if (!(language in readers)) return [`${place}: nobody reads ${language}.`]
  try {
    await readers[language]?.(text)
    return []
  } catch (error) {
    return [`${place}: ${error}`]
  }
}

test('every block of data or of another language can be read', async () => {
  expect((await Promise.all(codeBlocks().map(fault))).flat()).toEqual([])
})

test.each([
  ['json', '{ "a": 1, }'],
  ['yaml', 'a: [1'],
  ['js', 'const a ='],
  ['graphql', 'query {'],
  ['http', 'GET /api/nothing'],
  ['cobol', ''],
])('%s that cannot be read is found out', async (language, text) => {
  expect(await fault({ language, text, place: '', document: '', heading: '' })).toHaveLength(1)
})
