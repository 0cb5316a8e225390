import { Server } from 'socket.io'
import { expect, test, vi } from 'vitest'
import { typedNamespaces } from '@/lib/sockets/core/sockets'
import { Memberships } from '@/lib/sockets/Memberships'
import { silentLogger } from '@/services/shared/Logger'

type Reading = { userIds: readonly string[]; answer: (rooms: Record<string, string[]>) => void; fail: () => void }

/** Sockets of Ada's and Grace's, and readings of the table that a test answers when it likes. */
function create() {
  const { chat } = typedNamespaces(new Server())
  const readings: Reading[] = []
  const shown: [string, readonly string[]][] = []
  const told: unknown[] = []
  for (const [socketId, user] of Object.entries({ a1: 'ada', a2: 'ada', g1: 'grace' })) {
    void chat.adapter.addAll(socketId, new Set([`user:${user}`]))
    // Connected, as far as is asked here.
    if (socketId !== 'a2') chat.sockets.set(socketId, {} as never)
  }
  vi.spyOn(chat.adapter, 'broadcast').mockImplementation(({ data }, { rooms }) => {
    told.push([...rooms, data])
  })
  const memberships = new Memberships({
    chat,
    rooms: {
      roomIdsOfEach: (userIds) =>
        new Promise((resolve, reject) => {
          const answer = (rooms: Record<string, string[]>) => resolve(new Map(Object.entries(rooms)))
          readings.push({ userIds, answer, fail: () => reject(new Error('the database is away')) })
        }),
    },
    viewsOf: async (roomId, userIds) => {
      shown.push([roomId, userIds])
      return new Map()
    },
    logger: silentLogger,
  })
  const roomsOf = (socketId: string) =>
    [...(chat.adapter.sids.get(socketId) ?? [])].filter((name) => /^room:/.test(name))
  const reading = async (n: number): Promise<Reading> => vi.waitUntil(() => readings[n - 1])
  return { memberships, readings, reading, shown, told, roomsOf }
}

test('all sockets of a person are in the rooms that the table says, and in no other', async () => {
  const { memberships, reading, shown, told, roomsOf } = create()
  const first = memberships.update('ada')
  ;(await reading(1)).answer({ ada: ['r1', 'r2'] })
  await first
  expect([roomsOf('a1'), roomsOf('a2'), roomsOf('g1')]).toEqual([['room:r1', 'room:r2'], ['room:r1', 'room:r2'], []])
  // a2 is still in its handshake: its page reads the list when it is let in.
  await vi.waitUntil(() => shown.length === 2)
  expect(shown).toEqual([
    ['r1', ['ada']],
    ['r2', ['ada']],
  ])
  const second = memberships.update('ada')
  ;(await reading(2)).answer({ ada: ['r2'] })
  await second
  expect([roomsOf('a1'), roomsOf('a2')]).toEqual([['room:r2'], ['room:r2']])
  expect(told).toEqual([['user:ada', ['roomRemoved', { roomId: 'r1' }]]])
})

test('what was read before somebody left does not bring them back', async () => {
  const { memberships, reading, roomsOf } = create()
  const joining = memberships.update('ada')
  const stale = await reading(1)
  memberships.left('r1', 'ada')
  stale.answer({ ada: ['r1'] })
  const fresh = await reading(2)
  expect(roomsOf('a1')).toEqual([])
  fresh.answer({})
  await joining
  expect(roomsOf('a1')).toEqual([])
})

test('who leaves does so at once, and is told once; who is back by then comes in again', async () => {
  const { memberships, reading, shown, told, roomsOf } = create()
  const joining = memberships.update('ada')
  ;(await reading(1)).answer({ ada: ['r1'] })
  await joining
  memberships.left('r1', 'ada')
  memberships.left('r1', 'ada')
  expect([roomsOf('a1'), roomsOf('a2')]).toEqual([[], []])
  expect(told).toEqual([['user:ada', ['roomRemoved', { roomId: 'r1' }]]])
  ;(await reading(2)).answer({ ada: ['r1'] })
  await vi.waitUntil(() => shown.length === 2)
  expect(roomsOf('a2')).toEqual(['room:r1'])
})

test('everybody who waits is read together, and those who are not here are not read', async () => {
  const { memberships, readings, reading } = create()
  memberships.changed(['ada', 'grace', 'linus', 'ada'])
  expect((await reading(1)).userIds).toEqual(['ada', 'grace'])
  expect(readings).toHaveLength(1)
})

test('a reading that fails says so to who waits, and is repeated until it succeeds', async () => {
  vi.useFakeTimers()
  try {
    const { memberships, readings, roomsOf } = create()
    const first = memberships.update('ada')
    const refused = expect(first).rejects.toThrow('the database is away')
    await vi.advanceTimersByTimeAsync(0)
    readings[0]?.fail()
    await refused
    await vi.advanceTimersByTimeAsync(1_000)
    readings[1]?.fail()
    await vi.advanceTimersByTimeAsync(1_000)
    readings[2]?.answer({ ada: ['r1'] })
    await vi.advanceTimersByTimeAsync(0)
    expect(roomsOf('a1')).toEqual(['room:r1'])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(readings).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})

test('after a gap everybody is looked at, and it is done when it succeeded', async () => {
  vi.useFakeTimers()
  try {
    const { memberships, readings, roomsOf } = create()
    let isDone = false
    void memberships.updateAll().then(() => {
      isDone = true
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(readings[0]?.userIds).toEqual(['ada', 'grace'])
    readings[0]?.fail()
    await vi.advanceTimersByTimeAsync(500)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(500)
    readings[1]?.answer({ grace: ['r1'] })
    await vi.advanceTimersByTimeAsync(0)
    readings[2]?.answer({ grace: ['r1'] })
    await vi.advanceTimersByTimeAsync(0)
    expect(isDone).toBe(true)
    expect(roomsOf('g1')).toEqual(['room:r1'])
  } finally {
    vi.useRealTimers()
  }
})
