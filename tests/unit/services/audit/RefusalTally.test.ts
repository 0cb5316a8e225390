import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Actor, type NoteAudit, systemActor } from '@/services/audit/ports'
import { REFUSAL_WINDOW_MS, RefusalTally } from '@/services/audit/RefusalTally'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const from = (address: string | null): Actor => ({ ...systemActor, name: 'nobody', transport: 'socket', address })
const handshake = 'connection.refused'

test('however many refusals of one address are one entry a window, with their number', () => {
  const note = vi.fn<NoteAudit>()
  const tally = new RefusalTally(note)
  for (let i = 0; i < 5_000; i++) tally.refused(from('192.0.2.7'), handshake, 'UNAUTHENTICATED')
  tally.refused(from('192.0.2.7'), handshake, 'RATE_LIMITED')
  tally.refused(from('192.0.2.8'), handshake, 'FORBIDDEN')
  expect(note).not.toHaveBeenCalled()

  vi.advanceTimersByTime(REFUSAL_WINDOW_MS)
  expect(note.mock.calls).toEqual([
    [
      expect.objectContaining({ name: 'nobody', address: '192.0.2.7', transport: 'socket' }),
      {
        action: 'connection.refused',
        outcome: 'UNAUTHENTICATED',
        details: { count: 5_001, codes: ['UNAUTHENTICATED', 'RATE_LIMITED'] },
      },
    ],
    [expect.objectContaining({ address: '192.0.2.8' }), expect.objectContaining({ outcome: 'FORBIDDEN' })],
  ])

  tally.refused(from('192.0.2.7'), handshake, 'FORBIDDEN')
  vi.advanceTimersByTime(REFUSAL_WINDOW_MS)
  expect(note).toHaveBeenCalledTimes(3)
})

test('a person is one whatever their address, each of their actions for itself', () => {
  const note = vi.fn<NoteAudit>()
  const tally = new RefusalTally(note)
  for (const address of ['192.0.2.7', '192.0.2.8']) {
    tally.refused({ ...from(address), userId: 'ada' }, 'changePassword', 'RATE_LIMITED')
  }
  tally.refused({ ...from('192.0.2.7'), userId: 'ada' }, 'startTotp', 'RATE_LIMITED')
  tally.refused({ ...from('192.0.2.7'), userId: 'grace' }, 'startTotp', 'RATE_LIMITED')
  tally.flush()
  expect(note.mock.calls.map(([{ userId }, { action, details }]) => [userId, action, details?.count])).toEqual([
    ['ada', 'changePassword', 2],
    ['ada', 'startTotp', 1],
    ['grace', 'startTotp', 1],
  ])
})

test('a flood from very many addresses is bounded as well', () => {
  const note = vi.fn<NoteAudit>()
  const tally = new RefusalTally(note)
  for (let i = 0; i < 5_000; i++) tally.refused(from(`2001:db8::${i.toString(16)}`), handshake, 'UNAUTHENTICATED')
  tally.flush()
  expect(note).toHaveBeenCalledTimes(1_001)
  expect(note.mock.calls.at(-1)?.[1].details).toMatchObject({ count: 4_000 })
})
