import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { WireError } from '@/contracts/errors'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, type HttpAnswer, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

/** How long a message takes over HTTP, through the process that reads history: milliseconds, the slowest of so many. */
async function sending(person: TestUser, roomId: string, times = 9): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const begun = performance.now()
    const { status } = await person.http('POST', '/api/chat/messages', {
      roomId,
      message: 'Hello',
      clientId: randomUUID(),
    })
    took.push(performance.now() - begun)
    expect(status).toBe(201)
  }
  return Math.max(...took)
}

/** A refusal that says what it is, and that the same may be asked again. */
const isRetryable = ({ body }: HttpAnswer) =>
  WireError.safeParse((body as { error?: unknown }).error).data?.retryable === true // checked by the schema

/** Has the people search take the database 200 ms and no work of anybody's: what is slow is the database alone. */
async function slowSearch(): Promise<void> {
  const { rows } = await servers.db.query<{ sql: string }>(
    `SELECT pg_get_functiondef(oid) AS sql FROM pg_proc WHERE proname = 'find_people'`,
  )
  const { sql = '' } = rows[0] ?? {}
  onTeardown(async () => void (await servers.db.query(sql)))
  await servers.db.query(sql.replace(/\bBEGIN\b/, 'BEGIN PERFORM pg_sleep(0.2);'))
}

test('while one person has 300 reads in flight, slow ones among them, another sends as if they had not', async () => {
  const [{ ada: greedy, roomId }, { ada, roomId: theirs }] = await Promise.all([
    twoPeopleInARoom(servers),
    twoPeopleInARoom(servers),
  ])
  await slowSearch()
  await sending(ada, theirs)
  const alone = await sending(ada, theirs)

  const done: HttpAnswer[] = []
  const reading = Array.from({ length: 300 }, async (_, i) => {
    const path = i % 3 === 0 ? '/api/users?query=ada' : `/api/chat/messages?roomId=${roomId}`
    done.push(await greedy.http('GET', path))
  })
  // The first answer: by now all of them have asked, and the others wait.
  await Promise.race(reading)
  const beside = await sending(ada, theirs)
  const doneMeanwhile = done.length
  await Promise.all(reading)

  // Without turns the first message waits until all 300 are done: some 5 s.
  expect({ alone, beside, doneMeanwhile, isFair: beside < 25 * alone }).toMatchObject({ isFair: true })
  expect(doneMeanwhile).toBeLessThan(300)
  expect(done.filter((answer) => answer.status !== 200 && !isRetryable(answer))).toEqual([])
})

test('140 commands of one socket at once are all carried out', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const client = await ada.connect()
  const sends = Array.from({ length: 100 }, (_, i) =>
    ask(client, 'sendMessage', { roomId, message: `Number ${i}`, clientId: randomUUID() }),
  )
  const joins = Array.from({ length: 40 }, () => ask(client, 'joinRoom', { roomId }))
  for (const reply of await Promise.all([...sends, ...joins])) expect(reply).toMatchObject({ ok: true })
})
