import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { allCommands, plainAddresses } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { splitAddress } from '@/contracts/httpRequest'
import { apiDocuments } from '../../../scripts/api-documents/documents'
import { generalRefusals } from '../../../scripts/api-documents/refusals'

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

/** How it can be asked for: over a socket, with a method of HTTP, or both. */
const waysOf = ({ namespace, http }: Command): string[] => [
  ...(namespace === null ? [] : ['socket']),
  ...(typeof http === 'string' ? [splitAddress(http).method] : []),
]

test('no command declares an error that its other rules bring anyway', () => {
  const doubled = allCommands.flatMap((command) =>
    (command.errors ?? [])
      .filter((code) => waysOf(command).every((way) => generalRefusals[code]?.isOf(command, way)))
      .map((code) => `${command.name}: ${code}`),
  )
  expect(doubled).toEqual([])
})

test('a command is documented with the codes it may answer with, and no others', () => {
  const openApi = JSON.parse(textOf('docs/api/openapi.json'))
  const codesOf = (path: string, method: string): string[] =>
    Object.values<{ $ref?: string }>(openApi.paths[path][method].responses).flatMap(({ $ref }) =>
      $ref ? openApi.components.responses[$ref.split('/').at(-1) ?? ''].description.split(', ') : [],
    )
  const infrastructure = ['INTERNAL', 'OVERLOADED', 'TIMEOUT', 'UNAVAILABLE']
  const ofPerson = ['FORBIDDEN', 'RATE_LIMITED', 'SESSION_EXPIRED', 'UNAUTHENTICATED']
  expect(codesOf('/api/chat/messages', 'post').sort()).toEqual(
    ['BAD_REQUEST', 'CONFLICT', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE', ...infrastructure, ...ofPerson].sort(),
  )
  expect(codesOf('/api/notifications/preferences', 'get').sort()).toEqual([...infrastructure, ...ofPerson].sort())
  expect(codesOf('/users/online', 'get')).not.toContain('SESSION_EXPIRED')
  expect(codesOf('/api/auth/logout', 'post').sort()).toEqual(
    ['BAD_REQUEST', 'FORBIDDEN', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE', ...infrastructure].sort(),
  )
  expect(textOf('docs/api/socket-events.md')).toMatch(
    /### `sendMessage`\n\n.* Errors of its own: `NOT_FOUND`, `CONFLICT`\./,
  )
})
