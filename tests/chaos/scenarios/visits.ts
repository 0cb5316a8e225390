import type { ChaosClient } from '../../support/clients/ChaosClient'
import { RawClient } from '../../support/clients/RawClient'
import { SleepyClock } from '../../support/clients/SleepyClock'
import { inParallel } from '../../support/rounds/inParallel'
import { Line } from '../../support/workload/Line'
import type { Scenario, Stage } from './scenario'

interface Guest {
  client: ChaosClient
  /** Of this client alone. */
  line: Line
  clock: SleepyClock
  /** With the guest and this friend in it. */
  roomId: string
  friend: ChaosClient
}

async function invite({ world, crowd, onEnd }: Stage): Promise<Guest> {
  const line = await Line.lay(world)
  onEnd(() => line.stop())
  const clock = new SleepyClock()
  const client = await crowd.welcome('Guest', { socketUrl: line.socketUrl, webUrl: line.webUrl, clock })
  const [friend] = crowd.clients
  if (!friend) throw new Error('Nobody is there.')
  await crowd.untilLive(20_000)
  return { client, line, clock, roomId: await crowd.quietRoom([client, friend]), friend }
}

export const asleep: Scenario = {
  name: 'asleep',
  fault: 'laptop asleep while 500 messages pass, then 5,000',
  people: 50,
  limitMs: 240_000,
  async run(stage) {
    const { crowd, measures, world } = stage
    const { client, line, clock, roomId, friend } = await invite(stage)
    const writer = await RawClient.connect(friend.person, { webUrl: `http://127.0.0.1:${world.proxies.web.port}` })
    let last = 0
    for (const [count, limitMs] of [
      [500, 2_000],
      [5_000, undefined],
    ] as const) {
      clock.sleep()
      line.cut()
      await inParallel(count, 100, async (n) => {
        const message = { roomId, message: `while asleep ${count}/${n}`, clientId: `asleep-${count}-${n}-${roomId}` }
        crowd.keepAcknowledgement(await writer.asked('sendMessage', message))
      })
      last += count
      line.mend()
      const since = Date.now()
      clock.wake()
      client.wake()
      await client.untilSeq(roomId, last, 60_000)
      const tookMs = Date.now() - since
      measures.recoveredMs = tookMs
      if (limitMs === undefined) measures.note(`${count} behind: current after ${tookMs} ms`)
      else measures.within(`${count} behind: complete`, tookMs, limitMs)
      const { messages } = client.conversation(roomId)
      const expected = Array.from({ length: messages.length }, (_, i) => last - messages.length + 1 + i)
      measures.must(
        `${messages.length} shown, in order, to the last`,
        messages.length > 0 && messages.every(({ seq }, i) => seq === expected[i]),
      )
    }
    writer.stop()
  },
}

export const tabClosed: Scenario = {
  name: 'tab-closed',
  fault: 'tab closed with 10 queued messages',
  people: 50,
  limitMs: 90_000,
  async run(stage) {
    const { crowd, measures, world } = stage
    const { client, line, roomId } = await invite(stage)
    await crowd.typeFor(2_000)
    line.cut()
    const texts = Array.from({ length: 10 }, () => crowd.say(client, roomId))
    await client.untilStored(10, 10_000)
    client.close()
    line.mend()
    const since = Date.now()
    const next = crowd.comeBack(client, { socketUrl: line.socketUrl, webUrl: line.webUrl })
    for (const text of texts) await next.untilSent(roomId, text, 20_000)
    measures.recoveredMs = Date.now() - since
    const { rows } = await world.db.query<{ message: string }>(
      'SELECT message FROM messages WHERE room_id = $1 ORDER BY seq',
      [roomId],
    )
    measures.must('all 10 sent once, in order', rows.map(({ message }) => message).join() === texts.join())
  },
}

export const queueMarksNothingRead: Scenario = {
  name: 'queue-marks-nothing',
  fault: 'an offline queue flushes behind messages its owner never saw',
  people: 10,
  limitMs: 90_000,
  async run(stage) {
    const { crowd, measures, world } = stage
    const { client, line, roomId, friend } = await invite(stage)
    await friend.untilSent(roomId, crowd.say(friend, roomId), 10_000)
    await client.untilSeq(roomId, 1, 10_000)
    client.readAll(roomId)
    await friend.untilRead(roomId, client.person.id, 1, 10_000)
    line.cut()
    const own = Array.from({ length: 3 }, () => crowd.say(client, roomId))
    for (let n = 0; n < 5; n += 1) await friend.untilSent(roomId, crowd.say(friend, roomId), 10_000)
    line.mend()
    const since = Date.now()
    client.wake()
    for (const text of own) await client.untilSent(roomId, text, 30_000)
    measures.recoveredMs = Date.now() - since
    const { rows } = await world.db.query<{ last_read_seq: number; own_unread: number }>(
      'SELECT last_read_seq, own_unread FROM participants WHERE room_id = $1 AND user_id = $2',
      [roomId, client.person.id],
    )
    measures.must('read up to the one message seen', rows[0]?.last_read_seq === 1 && rows[0].own_unread === 3)
    await crowd.settle(20_000)
    measures.must('5 unread on the page', client.room(roomId)?.unread === 5)
  },
}
