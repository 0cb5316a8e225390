import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { ZodMiniType } from 'zod/mini'
import { SyncRoomsInput } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { PresenceSyncInput, statusQueries } from '@/contracts/presence'
import { atMost } from '@/contracts/primitives'

const wrong = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`no id ${i}`, 'x']))
const ids = (count: number) => Array.from({ length: count }, () => 7)

it('counts before it looks at any entry', () => {
  const look = vi.fn(() => true)
  const two = atMost(2, 'things', z.record(z.string(), z.custom<number>(look)))
  expect(two.safeParse({ a: 1, b: 2, c: 3 }).error?.issues).toMatchObject([{ message: 'At most 2 things at once.' }])
  expect(look).not.toHaveBeenCalled()
  expect(two.parse({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 })
  expect(look).toHaveBeenCalledTimes(2)
})

it.each([
  ['rooms', SyncRoomsInput, { rooms: wrong(4_000) }, `At most ${limits.syncRooms} rooms at once.`],
  ['ids', PresenceSyncInput, { ids: ids(16_000) }, `At most ${limits.presenceIds} people at once.`],
  [
    'userIds',
    statusQueries.userStatusBulk.input,
    { userIds: ids(16_000) },
    `At most ${limits.presenceIds} people at once.`,
  ],
])('thousands of wrong %s are one complaint', (field, schema: ZodMiniType, input, message) => {
  expect(schema.safeParse(input).error?.issues).toMatchObject([{ path: [field], message }])
})

it.each([undefined, null, 7, 'text', []])('what is no record is the schema’s to refuse: %j', (rooms) => {
  expect(SyncRoomsInput.safeParse({ rooms }).error?.issues).toMatchObject([{ path: ['rooms'], code: 'invalid_type' }])
})
