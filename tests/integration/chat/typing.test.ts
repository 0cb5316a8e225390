import { beforeAll, expect, test } from 'vitest'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'

let servers: TestServers
let ada: TestUser
let grace: TestUser

beforeAll(async () => {
  servers = await startServers()
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
})

test('the others hear that somebody types, and whoever types does not; nothing is stored', async () => {
  const { id: roomId } = await directRoom(ada, grace)
  const [tab, other, hers] = await Promise.all([ada.connect(), ada.connect(), grace.connect()])
  const [toTab, toOther, toGrace] = [heard(tab, 'typing'), heard(other, 'typing'), heard(hers, 'typing')]
  for (const on of [true, false]) expect(await asked(tab, 'typing', { roomId, on })).toEqual({})
  await waitFor(() => toGrace.length === 2)
  expect(toGrace).toEqual([true, false].map((on) => ({ roomId, userId: ada.id, on })))
  await Promise.all([tab, other].map((socket) => asked(socket, 'ping', undefined)))
  expect([toTab, toOther]).toEqual([[], []])
  const { rows } = await servers.db.query('SELECT last_rev, read_rev FROM rooms WHERE id = $1', [roomId])
  expect(rows).toEqual([{ last_rev: 0, read_rev: 0 }])
})

test('in a room of more than a hundred nobody hears of it; who is in no room types to nobody', async () => {
  const people = await insertPeople(
    servers.db,
    Array.from({ length: 99 }, (_, i) => `Person ${i}`),
  )
  const { id: roomId } = await groupOf(ada, [grace])
  const [mine, hers] = await Promise.all([ada.connect(), grace.connect()])
  const toGrace = heard(hers, 'typing')
  await asked(mine, 'addParticipants', { roomId, userIds: people.map(({ id }) => id) })
  expect(await asked(mine, 'typing', { roomId, on: true })).toEqual({})
  await asked(hers, 'ping', undefined)
  expect(toGrace).toEqual([])
  // One fewer, and it is told.
  await asked(mine, 'removeParticipant', { roomId, userId: people[0]?.id ?? '' })
  await asked(mine, 'typing', { roomId, on: true })
  await waitFor(() => toGrace.length === 1)

  const stranger = await (await servers.user('Stranger')).connect()
  expect(await ask(stranger, 'typing', { roomId, on: true })).toMatchObject({ error: { code: 'NOT_FOUND' } })
})
