import { readFileSync } from 'node:fs'
import {
  type GraphQLField,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  getNamedType,
  parse,
  printSchema,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { allCommands } from '@/contracts/all'
import { notificationCommands } from '@/contracts/notifications'
import { createSchema } from '@/lib/graphql/schema/createSchema'
import { EnumTypes } from '@/lib/graphql/schema/EnumTypes'
import { InputTypes } from '@/lib/graphql/schema/InputTypes'
import { camel } from '@/lib/graphql/schema/names'
import { OutputTypes } from '@/lib/graphql/schema/OutputTypes'

const schema = createSchema()

/** `/api/chat/…`, `/api/notifications/…`, `/api/users…`, `/api/presence`, for people. */
const offered = allCommands.filter(
  ({ http, permission }) =>
    typeof http === 'string' &&
    /^\w+ \/api\/(chat|notifications|users|presence|system\/notifications)\b/.test(http) &&
    !permission.startsWith('service:'),
)

describe('the schema', () => {
  it.each(offered.map((command) => [command.name, command] as const))('has %s', (name, command) => {
    const root = String(command.http).startsWith('GET ') ? schema.getQueryType() : schema.getMutationType()
    const field = root?.getFields()[camel(name)]
    expect(field).toBeDefined()
    expectFields(command.data, field?.type)
  })

  it('has nothing else', () => {
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    )
    expect(fields.sort()).toEqual(offered.map(({ name }) => camel(name)).sort())
  })

  it('knows what every field is: nothing is any JSON', () => {
    expect(printSchema(schema)).not.toContain('JSON')
  })
})

/** Every field of an answer is declared, at any depth; it is null only where it may be left out. */
function expectFields(data: z.core.$ZodType, type: unknown): void {
  const json: z.core.JSONSchema.BaseSchema = z.toJSONSchema(data, { unrepresentable: 'any' })
  const check = (
    part: z.core.JSONSchema.JSONSchema | boolean | undefined,
    graphql: unknown,
    isOneOfSeveral = false,
  ): void => {
    if (typeof part !== 'object') return
    for (const option of part.anyOf ?? [])
      if (option.type !== 'null') check(option, graphql, (part.anyOf?.length ?? 0) > 1)
    if (part.type === 'array') check(Array.isArray(part.items) ? undefined : part.items, itemOf(graphql))
    if (part.type !== 'object') return
    const fields = fieldsOf(part.properties ? graphql : itemOf(graphql))
    if (typeof part.additionalProperties === 'object' && !part.properties) {
      check(part.additionalProperties, fields.value?.type)
    }
    for (const [name, property] of Object.entries(part.properties ?? {})) {
      expect(Object.keys(fields)).toContain(name)
      const isThere = !isOneOfSeveral && part.required?.includes(name) && !JSON.stringify(property).includes('"null"')
      expect([name, fields[name]?.type instanceof GraphQLNonNull]).toEqual([name, Boolean(isThere)])
      check(property, fields[name]?.type)
    }
  }
  check(json, type)
}

const nullable = (type: unknown): unknown => (type instanceof GraphQLNonNull ? type.ofType : type)

const itemOf = (type: unknown): unknown => {
  const list = nullable(type)
  return list instanceof GraphQLList ? list.ofType : undefined
}

function fieldsOf(type: unknown): Record<string, GraphQLField<unknown, unknown>> {
  const object = nullable(type)
  expect(object).toBeInstanceOf(GraphQLObjectType)
  return object instanceof GraphQLObjectType ? object.getFields() : {}
}

describe('what GraphQL writes otherwise than the contract', () => {
  const enums = new EnumTypes()

  it('a map is a list of entries, in answers', () => {
    const { type, write } = new OutputTypes(enums).of(z.record(z.string(), z.object({ a: z.string() })), 'Place')
    expect(String(type)).toBe('[PlaceEntry!]!')
    expect(write?.({ one: { a: 'b' } })).toEqual([{ key: 'one', value: { a: 'b' } }])
  })

  it('and in arguments', () => {
    const { args, read } = new InputTypes(enums).args(z.object({ rooms: z.record(z.string(), z.int()) }), 'Sync')
    expect(String(args.rooms?.type)).toBe('[SyncRoomsEntryInput!]!')
    expect(read({ rooms: [{ key: 'one', value: 2 }] })).toEqual({ rooms: { one: 2 } })
  })

  it('what may be written in several ways is written as the one with fields', () => {
    const { args, read } = new InputTypes(enums).args(notificationCommands.subscribe.input, 'Subscribe')
    expect(Object.keys(args)).toEqual(['topic'])
    expect(read({ topic: 'news' })).toEqual({ topic: 'news' })
  })

  it('null is the same as left out, but where it means something', () => {
    const input = z.object({ a: z.optional(z.string()), b: z.optional(z.nullable(z.string())) })
    expect(new InputTypes(enums).args(input, 'Change').read({ a: null, b: null })).toEqual({ b: null })
  })

  it('what is one of several objects has the fields of all', () => {
    const { type } = new OutputTypes(enums).of(z.union([z.object({ a: z.string() }), z.object({ b: z.int() })]), 'Both')
    expect(Object.entries(fieldsOf(type)).map(([name, field]) => [name, String(field.type)])).toEqual([
      ['b', 'Int'],
      ['a', 'String'],
    ])
    expect(String(getNamedType(type))).toBe('Both')
  })
})

describe('docs/api/graphql.md', () => {
  const page = readFileSync('docs/api/graphql.md', 'utf8')
  const documents = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, document = '']) => document)

  it.each(documents)('what it shows can be asked: %s', (document) => {
    expect(validate(schema, parse(document))).toEqual([])
  })

  it('tells of every subscription', () => {
    const told = [...page.matchAll(/^\| `(\w+)\((.*)\)` \|/gm)].map(([, name, args = '']) => [
      name,
      args.split(', ').sort(),
    ])
    const there = Object.values(schema.getSubscriptionType()?.getFields() ?? {})
    expect(told.sort()).toEqual(there.map(({ name, args }) => [name, args.map((arg) => arg.name).sort()]).sort())
  })
})
