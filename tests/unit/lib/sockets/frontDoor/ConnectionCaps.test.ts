import { expect, test } from 'vitest'
import { ConnectionCaps } from '@/lib/sockets/frontDoor/ConnectionCaps'

const caps = (limits: Partial<ConstructorParameters<typeof ConnectionCaps>[0]> = {}) =>
  new ConnectionCaps<object>({ process: null, perUser: null, perAddress: null, ...limits })

/** So many connections of an address. */
const open = (where: ConnectionCaps<object>, count: number, address = 'here') =>
  Array.from({ length: count }, () => {
    const connection = {}
    where.opened(connection, address)
    return connection
  })

test('the connection beyond the limit of the process is over it, and the ones before are not', () => {
  const three = caps({ process: 3 })
  const connections = open(three, 4)
  expect(connections.map((connection) => three.isOver(connection))).toEqual([false, false, false, true])
})

test('an address has its own limit, and one that closes makes room', () => {
  const two = caps({ perAddress: 2 })
  const [first, , third] = open(two, 3)
  expect(two.isOver(third ?? {})).toBe(true)
  expect(two.isOver(open(two, 1, 'elsewhere')[0] ?? {})).toBe(false)
  for (const connection of [first, third]) two.closed(connection ?? {})
  expect(two.isOver(open(two, 1)[0] ?? {})).toBe(false)
})

test('a user has their own limit, however often a connection shows a ticket of theirs', () => {
  const two = caps({ perUser: 2 })
  const [first = {}, second = {}, third = {}] = open(two, 3)
  expect([first, first, second, third].map((connection) => two.claim(connection, 'ada'))).toEqual([
    ...[true, true, true],
    false,
  ])
  expect(two.claim(third, 'grace')).toBe(true)
  expect(two.of('ada')).toEqual([first, second])
  two.closed(first)
  expect(two.claim(third, 'ada')).toBe(true)
  for (const connection of [second, third]) two.closed(connection)
  expect(two.of('ada')).toEqual([])
})

test('some more may come in to be told, and nobody beyond those', () => {
  const one = caps({ perAddress: 1 })
  open(one, 100)
  expect(one.isPacked('here')).toBe(false)
  open(one, 1)
  expect(one.isPacked('here')).toBe(true)
  expect(one.isPacked('elsewhere')).toBe(false)
  const full = caps({ process: 1 })
  open(full, 101)
  expect(full.isPacked('elsewhere')).toBe(true)
})

test('without limits there is room for everybody', () => {
  const none = caps()
  const connections = open(none, 500)
  expect(connections.some((connection) => none.isOver(connection) || !none.claim(connection, 'ada'))).toBe(false)
  expect(none.isPacked('here')).toBe(false)
})

test('one that is not known, or closes twice, changes nothing', () => {
  const one = caps({ process: 1 })
  const [only = {}] = open(one, 1)
  one.closed(only)
  one.closed(only)
  one.closed({})
  expect(one.size).toBe(0)
  expect(one.claim({}, 'ada')).toBe(true)
})
