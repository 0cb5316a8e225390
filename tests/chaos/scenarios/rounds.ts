import { randomUUID } from 'node:crypto'
import { RawClient } from '../../support/clients/RawClient'
import { handshakeRaces } from '../../support/rounds/handshakeRaces'
import { inParallel } from '../../support/rounds/inParallel'
import { joinRaces } from '../../support/rounds/joinRaces'
import { readRaces } from '../../support/rounds/readRaces'
import { sendTwice } from '../../support/rounds/sendTwice'
import { insertGroup, insertPeople, type Person } from '../../support/workload/people'
import type { Scenario, Stage } from './scenario'

/** Connections of two people, and a group of them. */
async function twoPeople({
  world,
}: Stage): Promise<{ one: Person; other: Person; groupId: string; connect: (person: Person) => Promise<RawClient> }> {
  const [one, other] = await insertPeople(world.db, ['One', 'Other'])
  if (!one || !other) throw new Error('Nobody was made.')
  const webUrl = `http://127.0.0.1:${world.proxies.web.port}`
  const groupId = await insertGroup(world.db, 'Two people', [one, other])
  return { one, other, groupId, connect: (person) => RawClient.connect(person, { webUrl }) }
}

export const retries: Scenario = {
  name: 'retries',
  fault: '10,000 socket-then-HTTP retries of the same send',
  people: 0,
  limitMs: 300_000,
  async run(stage) {
    const { world, crowd, measures, random } = stage
    const { one, other, groupId, connect } = await twoPeople(stage)
    const roomIds = [groupId, await insertGroup(world.db, 'Another', [one, other])]
    const senders = await Promise.all([one, other, one, other].map(connect))
    const { acknowledgements } = await sendTwice({ senders, roomIds, rounds: 10_000, random })
    for (const acknowledgement of acknowledgements) crowd.keepAcknowledgement(acknowledgement)
    const { rows } = await world.db.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM messages WHERE room_id = ANY ($1)',
      [roomIds],
    )
    measures.must(`${rows[0]?.n} rows of 10,000 sends, 20,000 answers`, rows[0]?.n === 10_000)
    for (const sender of senders) sender.stop()
  },
}

export const joins: Scenario = {
  name: 'joins',
  fault: '10,000 join/history races',
  people: 0,
  limitMs: 400_000,
  async run(stage) {
    const { world, measures, random } = stage
    const pair = async () => {
      const { one, other, groupId, connect } = await twoPeople(stage)
      const writer = await connect(one)
      const readers = await Promise.all(Array.from({ length: 4 }, () => connect(other)))
      const stop = () => {
        for (const client of [writer, ...readers]) client.stop()
      }
      return { writer, readers, roomId: groupId, stop }
    }
    const races = await pair()
    const { writer, readers: joiners } = races
    measures.none('missing in 9,000 joins', await joinRaces({ db: world.db, writer, joiners, rounds: 9_000, random }))
    races.stop()
    // Others than those: who is in 9,000 rooms by now takes longer to let in, which is not what is raced here.
    const { writer: sender, readers, roomId, stop } = await pair()
    const handshakes = await Promise.all(
      readers.map((reader) => handshakeRaces({ writer: sender, reader, roomId, rounds: 250 })),
    )
    measures.none('missing after 1,000 handshakes', handshakes.flat())
    stop()
  },
}

export const reads: Scenario = {
  name: 'reads',
  fault: '10,000 markMessagesRead at once, many at a time',
  people: 0,
  limitMs: 200_000,
  async run(stage) {
    const { world, crowd, measures, random } = stage
    const { one, other, groupId: roomId, connect } = await twoPeople(stage)
    const writer = await connect(one)
    const lastSeq = 3_000
    await inParallel(lastSeq, 100, async (n) => {
      crowd.keepAcknowledgement(
        await writer.asked('sendMessage', { roomId, message: `text ${n}`, clientId: randomUUID() }),
      )
    })
    const readers = await Promise.all([other, other, other, other].map(connect))
    measures.none(
      'times a position went back',
      await readRaces({ db: world.db, readers, roomId, lastSeq, rounds: 10_000, random }),
    )
    for (const client of [writer, ...readers]) client.stop()
  },
}
