import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AuditTrail } from '@/services/audit/AuditTrail'
import { type AuditRow, systemActor } from '@/services/audit/ports'
import { recordingLogger } from '../../../support/recordingLogger'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function trailOver(append: (rows: readonly AuditRow[]) => Promise<void>) {
  const { logger, entries } = recordingLogger()
  return { trail: new AuditTrail({ store: { append }, logger, batchMs: 1_000 }), entries }
}

test('entries of one second are written together, in order', async () => {
  const append = vi.fn(async (_rows: readonly AuditRow[]) => {})
  const { trail } = trailOver(append)
  for (const target of ['a', 'b', 'c']) trail.note(systemActor, { action: 'test', target })
  expect(append).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(append).toHaveBeenCalledOnce()
  expect(append.mock.calls[0]?.[0].map(({ target }) => target)).toEqual(['a', 'b', 'c'])
})

test('what could not be written is written with what comes next, and nothing is written twice', async () => {
  const written: unknown[] = []
  let isDown = true
  const { trail, entries } = trailOver(async (rows) => {
    if (isDown) throw new Error('the database is away')
    written.push(...rows.map(({ target }) => target))
  })
  trail.note(systemActor, { action: 'test', target: 'a' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(entries.map(({ level }) => level)).toEqual(['warn'])
  isDown = false
  trail.note(systemActor, { action: 'test', target: 'b' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(written).toEqual(['a', 'b'])
})

test('what could not be written is written once that is possible, though nothing else is noted', async () => {
  let isDown = true
  const written: unknown[] = []
  const { trail } = trailOver(async (rows) => {
    if (isDown) throw new Error('the database is away')
    written.push(...rows.map(({ target }) => target))
  })
  trail.note(systemActor, { action: 'test', target: 'last' })
  await vi.advanceTimersByTimeAsync(3_000)
  isDown = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(written).toEqual(['last'])
})

test('a long absence of the database does not fill the memory, and the log says what it cost', async () => {
  let isDown = true
  let written = 0
  const { trail, entries } = trailOver(async (rows) => {
    if (isDown) throw new Error('the database is away')
    written += rows.length
  })
  for (let i = 0; i < 10_005; i += 1) trail.note(systemActor, { action: 'test' })
  await trail.flush()
  isDown = false
  await trail.flush()
  expect(written).toBe(10_000)
  expect(entries.at(-1)).toMatchObject({ level: 'error', fields: { count: 5 } })
})
