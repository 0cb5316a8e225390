import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSearchIndexing } from '@/server/socket/createSearchIndexing'
import type { SearchIndex } from '@/services/chat/ports'
import { recordingLogger } from '../../support/recordingLogger'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const nothingMore = { unfinished: [], hasMoreEdits: false }

function start(index: Partial<SearchIndex>) {
  const { logger, lines } = recordingLogger()
  const advance = vi.fn(index.advance ?? (async () => nothingMore))
  const behind = vi.fn(index.behind ?? (async () => ({ roomIds: [], last: null })))
  const indexing = createSearchIndexing({ advance, behind }, logger, 60_000)
  void indexing.start?.(0)
  const taken = () => advance.mock.calls.map(([rooms]) => rooms)
  return { indexing, taken, behind, lines }
}

test('what nobody told of is looked for at the start, room by room, and now and then', async () => {
  const pages = [
    { roomIds: ['a', 'b'], last: 'b' },
    { roomIds: ['c'], last: null },
  ]
  const { indexing, taken, behind } = start({ behind: async () => pages.shift() ?? { roomIds: [], last: null } })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(taken()).toEqual([['a', 'b'], ['c']])
  indexing.note(['a'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(behind.mock.calls, 'not with every message').toEqual([[''], ['b']])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(behind).toHaveBeenLastCalledWith('')
})

test('rooms that were told of follow within a moment, several at once, until nothing is left of them', async () => {
  let left = 2
  const advance: SearchIndex['advance'] = async (rooms) => {
    left -= rooms.length > 0 ? 1 : 0
    return { unfinished: left > 0 ? [...rooms] : [], hasMoreEdits: false }
  }
  const { indexing, taken } = start({ advance })
  await vi.advanceTimersByTimeAsync(1_000)
  indexing.note(['a'])
  indexing.note(['b', 'a'])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(taken()).toEqual([[], ['a', 'b'], ['a', 'b']])
})

test('nothing is forgotten while it is another process’s turn, or the database does not answer', async () => {
  const answers: (() => Promise<Awaited<ReturnType<SearchIndex['advance']>>>)[] = [
    async () => nothingMore,
    async () => null,
    () => Promise.reject(new Error('away')),
  ]
  const advance: SearchIndex['advance'] = async () => {
    const answer = answers.shift()
    return answer ? answer() : nothingMore
  }
  const { indexing, taken, lines } = start({ advance })
  await vi.advanceTimersByTimeAsync(1_000)
  indexing.note(['a'])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(taken()).toEqual([[], ['a'], ['a'], ['a']])
  expect(lines).toEqual(['warn messages could not be made known to the search; it is tried again'])
})

test('a process that stops waits for the step under way, and begins no other', async () => {
  let finish = () => {}
  const advance = () => new Promise<typeof nothingMore>((resolve) => (finish = () => resolve(nothingMore)))
  const { indexing, taken } = start({ advance })
  await vi.advanceTimersByTimeAsync(10)
  indexing.note(['a'])
  const stopped = indexing.stop?.()
  finish()
  await stopped
  await vi.advanceTimersByTimeAsync(100_000)
  expect(taken()).toHaveLength(1)
})
