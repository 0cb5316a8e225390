import { expect, test } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { command, commandTable, httpForm } from '@/contracts/command'
import { limits } from '@/contracts/limits'
import { checkSize, parseInput, readForm } from '@/lib/pipeline/validation'

const Input = z.object({
  name: z.string('A name is text.').trim().min(1, 'Give a name.'),
  rooms: z.array(z.object({ seats: z.number('Seats are a number.') })).default([]),
})

test('an input comes out as its schema makes it: trimmed, with defaults, without what it does not name', () => {
  expect(parseInput(Input, { name: ' Ada ', more: true })).toEqual({ name: 'Ada', rooms: [] })
})

test('a bad input is BAD_REQUEST with a sentence for each bad field and where it is', () => {
  expect(() => parseInput(Input, { name: ' ', rooms: [{ seats: 1 }, { seats: 'two' }] })).toThrow(
    expect.objectContaining({
      code: 'BAD_REQUEST',
      message: 'Give a name.',
      issues: [
        { path: 'name', message: 'Give a name.' },
        { path: 'rooms.1.seats', message: 'Seats are a number.' },
      ],
    }),
  )
})

test('where a schema says nothing of what is wrong, zod does', () => {
  expect(() => parseInput(mini.object({ seats: mini.number() }), { seats: 'two' })).toThrow(
    expect.objectContaining({ message: 'Invalid input: expected number, received string' }),
  )
})

const rules = { data: z.void(), http: 'GET /api/things', permission: 'anyone', limit: null } as const
const { plain, custom } = commandTable(null, {
  plain: command({ ...rules, input: z.object({ ids: z.array(z.string()) }) }),
  custom: command({
    ...rules,
    input: z.object({ ids: z.array(z.string()) }),
    httpForm: httpForm(
      z.object({ ids: z.string('Give ids.') }),
      ({ ids }) => ({ ids: ids.split(',') }),
      ({ ids }) => ({ ids: ids.join() }),
    ),
  }),
})

test('what HTTP says in its own form becomes the command’s input; what has no form is left as it is', () => {
  expect(readForm(custom, { ids: 'a,b' })).toEqual({ ids: ['a', 'b'] })
  expect(readForm(plain, { ids: 'a,b' })).toEqual({ ids: 'a,b' })
})

test('a request not of that form is BAD_REQUEST in HTTP’s words', () => {
  expect(() => readForm(custom, {})).toThrow(expect.objectContaining({ code: 'BAD_REQUEST', message: 'Give ids.' }))
})

test('64 KB pass, one byte more is PAYLOAD_TOO_LARGE', () => {
  expect(() => checkSize(limits.payloadBytes)).not.toThrow()
  expect(() => checkSize(limits.payloadBytes + 1)).toThrow(expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }))
})
