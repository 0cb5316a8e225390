import { expect, test } from 'vitest'
import { CatchUp } from '@/client/chat/CatchUp'
import type { SyncRoomsInput } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { settled } from '../support/TestClock'
import { playedTransport } from '../support/testRuntime'
import { loadedRoom } from './support/loadedRoom'

/** Answers syncRooms from the table; `fail` once set makes it fail. */
const syncing = ({ table, cache, runtime }: ReturnType<typeof loadedRoom>, pageSize = 200) => {
  const asked: SyncRoomsInput[] = []
  const events: string[] = []
  const faults: { fail: Error | undefined; answer: 'page' | 'reset' | 'gone' } = { fail: undefined, answer: 'page' }
  const transport = playedTransport(async (_command, input) => {
    const question = input as SyncRoomsInput // nothing else is sent here
    asked.push(question)
    if (faults.fail !== undefined) throw faults.fail
    const position = question.rooms[table.id]
    if (typeof position !== 'object') throw new Error('Positions are sent with their readRev.')
    const answer = faults.answer === 'page' ? table.sync(position, pageSize) : { [faults.answer]: true }
    return { rooms: { [table.id]: answer } }
  })
  const catchUp = new CatchUp(runtime, {
    cache,
    transport,
    applied: () => events.push('applied'),
    reload: () => events.push('reload'),
    refreshRows: () => events.push('rows'),
    gone: () => events.push('gone'),
  })
  return { asked, events, faults, catchUp }
}

test('a hole that closes within a moment is not asked about; one that stays open is', async () => {
  const stage = loadedRoom()
  const { asked, catchUp } = syncing(stage)
  const { table, timeline, clock } = stage
  const third = table.send('ada')
  timeline.receive(table.send('ada'))
  catchUp.watchHole(table.id)
  timeline.receive(third)
  await clock.pass(1_000)
  expect(asked).toEqual([])

  table.send('ada')
  timeline.receive(table.send('ada'))
  catchUp.watchHole(table.id)
  await clock.pass(249)
  expect(asked).toEqual([])
  await clock.pass(251)

  expect(asked).toEqual([{ rooms: { room: { lastRev: 4, readRev: 0 } } }])
  expect(timeline.messages).toEqual(table.all())
})

test('it asks page after page until nothing is missing', async () => {
  const stage = loadedRoom()
  const { asked, events, catchUp } = syncing(stage, 2)
  for (let i = 0; i < 5; i += 1) stage.table.send('ada')

  catchUp.request(['room'])
  await settled()

  expect(asked).toHaveLength(3)
  expect(events).toEqual(['applied', 'applied', 'applied'])
  expect(stage.timeline.messages).toEqual(stage.table.all())
})

test('what cannot be answered now is asked again, sooner when something works again', async () => {
  const stage = loadedRoom()
  const { asked, faults, catchUp } = syncing(stage)
  stage.table.send('ada')
  faults.fail = new Error('no network')
  catchUp.request(['room'])
  await stage.clock.pass(10_000)
  const before = asked.length
  expect(before).toBeGreaterThan(2)

  faults.fail = undefined
  stage.runtime.wake.emit()
  await settled()

  expect(asked).toHaveLength(before + 1)
  expect(stage.timeline.messages).toEqual(stage.table.all())
})

test('a room that is too far behind is loaded anew, and one that is not one’s own any more is dropped', async () => {
  const stage = loadedRoom()
  const { events, faults, catchUp } = syncing(stage)
  faults.answer = 'reset'
  catchUp.request(['room'])
  await settled()
  faults.answer = 'gone'
  catchUp.request(['room'])
  await settled()

  expect(events).toEqual(['reload', 'gone'])
})

test('a question that the server refuses for good is not asked again', async () => {
  const stage = loadedRoom()
  const { asked, faults, catchUp } = syncing(stage)
  faults.fail = new AppError('BAD_REQUEST')
  catchUp.request(['room'])
  await stage.clock.pass(60_000)

  expect(asked).toHaveLength(1)
})
