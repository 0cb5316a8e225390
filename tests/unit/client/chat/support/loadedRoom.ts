import { RoomCache } from '@/client/chat/RoomCache'
import { TestClock } from '../../support/TestClock'
import { testRuntime } from '../../support/testRuntime'
import { TableRoom } from './TableRoom'

export const me = 'me'

/** One loaded room, and the server's table of it. */
export const loadedRoom = (messages = 2) => {
  const table = new TableRoom([me, 'ada'])
  for (let i = 0; i < messages; i += 1) table.send('ada')
  const cache = new RoomCache(me)
  cache.adoptRow(table.row(me))
  const timeline = cache.get(table.id)
  if (timeline === undefined) throw new Error('The row was adopted.')
  timeline.beginLoad()
  cache.adoptSnapshot(table.snapshot(me, 50))
  const clock = new TestClock()
  return { table, cache, timeline, clock, runtime: testRuntime({ clock }) }
}
