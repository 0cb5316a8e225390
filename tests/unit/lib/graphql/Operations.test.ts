import { type GraphQLError, getIntrospectionQuery } from 'graphql'
import { expect, it } from 'vitest'
import { Operations } from '@/lib/graphql/Operations'
import { createSchema } from '@/lib/graphql/schema/createSchema'

const schema = createSchema()
const read = (query: string, isStrict = false) => new Operations(schema, isStrict).read({ query }, {} as never) // nothing is carried out
const messagesOf = (read: unknown) => (Array.isArray(read) ? read.map((error: GraphQLError) => error.message) : [])

it.each([
  ['in an operation', `{ listRooms { ${'nextCursor '.repeat(201)} } }`],
  [
    'in a fragment nobody uses',
    `{ listRooms { nextCursor } } fragment F on RoomsPage { ${'nextCursor '.repeat(201)} }`,
  ],
  [
    'as fragments',
    `{ listRooms { ${Array.from({ length: 101 }, (_, n) => `...F${n}`).join(' ')} } } ${Array.from({ length: 101 }, (_, n) => `fragment F${n} on RoomsPage { nextCursor }`).join(' ')}`,
  ],
])('many fields are refused before they are compared: %s', (_where, query) => {
  expect(messagesOf(read(query))).toEqual(['A document has at most 200 fields and fragments.'])
})

it('what costs too much is refused before it is compared', () => {
  const query = `fragment F on RoomsPage { rooms { ${'lastMessage { id } '.repeat(90)} ghost } } { listRooms { ...F ...F ...F ...F ...F ...F ...F ...F ...F } }`
  expect(messagesOf(read(query))).toEqual([expect.stringContaining('Cost limit')])
})

it('tools may ask for the schema', () => {
  expect(messagesOf(read(getIntrospectionQuery()))).toEqual([])
})

it('a strict installation suggests nothing about variables either', () => {
  const query = '{ listRooms { nextCursor } }'
  expect([read(query, true), read(query)]).toMatchObject([{ hideSuggestions: true }, { hideSuggestions: false }])
})
