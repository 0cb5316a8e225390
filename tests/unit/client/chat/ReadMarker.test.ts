import { expect, test } from 'vitest'
import { ReadMarker } from '@/client/chat/ReadMarker'
import { AppError } from '@/contracts/errors'
import { settled } from '../support/TestClock'
import { playedTransport } from '../support/testRuntime'
import { loadedRoom, me } from './support/loadedRoom'

const marking = (stage: ReturnType<typeof loadedRoom>) => {
  const told: unknown[] = []
  const faults: { fail: Error | undefined } = { fail: undefined }
  const transport = playedTransport(async (_command, input) => {
    const { upToSeq } = input as { upToSeq: number } // nothing but markMessagesRead is sent here
    told.push(upToSeq)
    if (faults.fail !== undefined) throw faults.fail
    return stage.table.read(me, upToSeq) ?? { roomId: 'room', userId: me, count: 0, lastReadSeq: upToSeq }
  })
  const { cache, runtime } = stage
  return { told, faults, marker: new ReadMarker(runtime, { userId: me, cache, transport, changed() {} }) }
}

test('only the latest position is told, once, however often it is marked', async () => {
  const stage = loadedRoom(5)
  const { told, marker } = marking(stage)
  for (const seq of [1, 2, 2, 5, 3]) marker.mark('room', seq)
  await settled()
  marker.mark('room', 5)
  await settled()

  expect(told).toEqual([1, 5])
  expect(stage.table.positionOf(me)).toBe(5)
  expect(stage.timeline.position.readRev).toBe(stage.table.readRev)
})

test('a position that could not be told is told later, unless the server refuses it for good', async () => {
  const stage = loadedRoom(5)
  const { told, faults, marker } = marking(stage)
  faults.fail = new Error('no network')
  marker.mark('room', 2)
  await stage.clock.pass(5_000)
  expect(told.length).toBeGreaterThan(1)

  faults.fail = new AppError('NOT_FOUND')
  stage.runtime.wake.emit()
  await settled()
  const { length } = told
  await stage.clock.pass(60_000)

  expect(told).toHaveLength(length)
})
