import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { RawClient } from '../../support/clients/RawClient'
import { inParallel } from '../../support/rounds/inParallel'
import { Line } from '../../support/workload/Line'
import { insertGroup, insertPeople } from '../../support/workload/people'
import { percentile } from './percentile'
import type { Scenario, Stage } from './scenario'

const perSecond = 150
const phaseMs = 15_000
/** Messages sent after the measurement, if need be: 48 MB. */
const mostExtra = 4_000
const extraAtOnce = 50

/** 12 kB on the wire. */
const largeMessage = (roomId: string) => ({ roomId, message: '€'.repeat(4_000), clientId: randomUUID() })

export const slowReader: Scenario = {
  name: 'slow-reader',
  fault: 'slow reader',
  people: 50,
  limitMs: 150_000,
  async run(stage) {
    const { world, crowd, measures, onEnd } = stage
    const line = await Line.lay(world)
    onEnd(() => line.stop())
    const people = await insertPeople(world.db, ['Writer', 'Reader 1', 'Reader 2', 'Slow reader'])
    const roomId = await insertGroup(world.db, 'Large messages', people)
    const webUrl = `http://127.0.0.1:${world.proxies.web.port}`
    const [writer, first, second, slow] = await Promise.all(
      people.map((person, i) => RawClient.connect(person, { webUrl, ...(i === 3 && { socketUrl: line.socketUrl }) })),
    )
    if (!writer || !first || !second || !slow) throw new Error('Nobody is there.')
    await crowd.typeFor(2_000)

    const without = await latencies(stage, writer, [first, second], roomId)
    const seen = world.socket.logged
    const before = world.socket.residentBytes()
    line.socket.links[0]?.stall('server')
    const beside = await latencies(stage, writer, [first, second], roomId)
    // Had the load not been enough to fill the kernel's buffers and the server's own: more, until it is.
    const isCutOff = () => world.socket.loggedSince(seen).some((line) => line.includes('reads too slowly'))
    for (let more = 0; more < mostExtra && !isCutOff(); more += extraAtOnce) {
      await inParallel(extraAtOnce, extraAtOnce, async () => {
        crowd.keepAcknowledgement(await writer.asked('sendMessage', largeMessage(roomId)))
      })
    }
    measures.must('cut off at the stated bound', isCutOff())
    const growth = world.socket.residentBytes() - before
    measures.note(`memory grew by ${Math.round(growth / 1e6)} MB`)
    const [p99, p99Without] = [percentile(beside, 0.99), percentile(without, 0.99)]
    measures.must(
      `others’ p99 ${p99.toFixed(1)} ms, ${p99Without.toFixed(1)} ms without it, of ${beside.length} each`,
      p99 < 2 * p99Without,
    )
    line.socket.links[0]?.resume()
    const since = Date.now()
    await slow.reconnect()
    measures.recoveredMs = Date.now() - since
    for (const client of [writer, first, second, slow]) client.stop()
  },
}

/** From sending to being heard by each of the others, in milliseconds. */
async function latencies(
  { crowd }: Stage,
  writer: RawClient,
  readers: readonly RawClient[],
  roomId: string,
): Promise<number[]> {
  const sentAt = new Map<string, number>()
  const taken: number[] = []
  const offs = readers.map((reader) =>
    reader.onMessage(({ clientId }) => {
      const since = sentAt.get(clientId)
      if (since !== undefined) taken.push(performance.now() - since)
    }),
  )
  const sending: Promise<void>[] = []
  const end = performance.now() + phaseMs
  while (performance.now() < end) {
    const message = largeMessage(roomId)
    sentAt.set(message.clientId, performance.now())
    const sent = writer.asked('sendMessage', message)
    sending.push(sent.then((stored) => crowd.keepAcknowledgement(stored)))
    await delay(1_000 / perSecond)
  }
  await Promise.all(sending)
  for (const off of offs) off()
  return taken
}
