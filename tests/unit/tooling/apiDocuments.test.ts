import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { allCommands, plainAddresses } from '@/contracts/all'
import { apiDocuments } from '../../../scripts/api-documents/documents'

const documents = apiDocuments()
const textOf = (file: string): string => documents[file] ?? ''

test.each(Object.keys(documents))('%s says what the contract says now', (file) => {
  expect(readFileSync(file, 'utf8'), 'Run `pnpm generate:documents`.').toBe(textOf(file))
})

test('the OpenAPI document is valid, and has every address of a command', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(textOf('docs/api/openapi.json')))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  const { paths } = JSON.parse(textOf('docs/api/openapi.json'))
  const described = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  const declared = allCommands.flatMap(({ http }) => (typeof http === 'string' ? [http] : []))
  expect(described).toEqual(expect.arrayContaining([...declared, ...plainAddresses]))
})

test('the AsyncAPI document is valid, and has every command of a socket', async () => {
  const { document, diagnostics } = await new Parser().parse(textOf('docs/api/asyncapi.json'))
  expect(
    diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path}: ${message}`),
  ).toEqual([])
  const received = document
    ?.operations()
    .filterByReceive()
    .map((operation) => operation.id())
  expect(received).toHaveLength(allCommands.filter(({ namespace }) => namespace !== null).length)
})
