import { setTimeout as delay } from 'node:timers/promises'
import { refuseApplication, resetInPlaceOfCommitAnswer } from '../../support/proxy/taps'
import { Flood } from './flood'
import { seconds } from './Measures'
import { Probe } from './probe'
import type { Scenario } from './scenario'

const people = 50
/** What the socket server may grow by while it can store nothing; 10,000 waiting messages of 4,000 characters at worst. */
const growthBytes = 150_000_000

export const databaseRestart: Scenario = {
  name: 'database-restart',
  fault: 'PostgreSQL restart -m immediate',
  people,
  limitMs: 90_000,
  async run({ world, crowd, measures, ...stage }) {
    const probe = await Probe.start({ world, crowd, measures, ...stage }, 50)
    await crowd.typeFor(3_000)
    const since = Date.now()
    await world.postgres.restartImmediately()
    measures.note(`PostgreSQL itself was away ${seconds(Date.now() - since)}`)
    const refusedAt = probe.answers.findLast((answer) => !answer.ok)?.atMs ?? since
    const storedAt = await probe.firstStoredAfter(refusedAt, 30_000)
    measures.recoveredMs = storedAt - since
    measures.within('writes again', measures.recoveredMs, 10_000)
    await crowd.untilLive(30_000)
    await delay(2_000)
    await probe.stop()
    const refused = probe.answers.filter((answer) => !answer.ok)
    measures.must(`${refused.length} sends meanwhile refused`, refused.length > 0)
    measures.none(
      'refusals that are not retryable',
      refused.filter(({ retryable }) => retryable !== true).map(({ code }) => code ?? ''),
    )
    measures.within('slowest refusal', Math.max(0, ...refused.map(({ tookMs }) => tookMs)), 3_000)
  },
}

export const frozenDatabase: Scenario = {
  name: 'frozen-database',
  fault: 'PostgreSQL frozen 20 s (SIGSTOP)',
  people,
  limitMs: 120_000,
  async run(stage) {
    const { world, crowd, measures } = stage
    const flood = await Flood.start(stage, { senders: 4, perSecond: 400 })
    await crowd.typeFor(3_000)
    const before = world.socket.residentBytes()
    let most = before
    let mostQueued = 0
    world.postgres.freeze()
    try {
      for (let second = 0; second < 20; second += 1) {
        await delay(1_000)
        most = Math.max(most, world.socket.residentBytes())
        mostQueued = Math.max(mostQueued, crowd.queued)
      }
    } finally {
      world.postgres.thaw()
    }
    measures.recoveredMs = await crowd.untilFlushed(60_000)
    await crowd.untilLive(40_000)
    await flood.stop()
    const growth = most - before
    measures.must(
      `memory grew by ${Math.round(growth / 1e6)} MB, ${growthBytes / 1e6} MB at most, under ${flood.sent} sends`,
      growth <= growthBytes,
    )
    measures.must(`clients queued up to ${mostQueued}`, mostQueued > 0)
    measures.none('sends shown as failed', crowd.shownAsFailed)
    measures.none('refusals that are not retryable', flood.finalRefusals)
  },
}

export const commitAnswerReset: Scenario = {
  name: 'commit-answer-reset',
  fault: 'connection reset in place of the commit’s answer',
  people,
  limitMs: 90_000,
  async run({ world, crowd, measures, random }) {
    let resets = 0
    const tap = resetInPlaceOfCommitAnswer(
      () => random() < 0.2,
      () => {
        resets += 1
      },
    )
    await crowd.typeFor(2_000)
    for (const proxy of [world.proxies.socketDatabase, world.proxies.webDatabase]) proxy.impose({ tap })
    await delay(15_000)
    world.proxies.socketDatabase.calm()
    world.proxies.webDatabase.calm()
    measures.recoveredMs = await crowd.untilFlushed(60_000)
    measures.must(`${resets} answers swallowed`, resets > 10)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}

export const listenCut: Scenario = {
  name: 'listen-cut',
  fault: 'LISTEN connection cut',
  people,
  limitMs: 120_000,
  async run({ world, crowd, measures }) {
    await crowd.typeFor(2_000)
    world.proxies.socketDatabase.impose({ tap: refuseApplication('tandem-listen') })
    await world.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem-listen'`,
    )
    // What is sent over HTTP is announced to nobody now; everyone else sends over the socket as always.
    const [writer, ...readers] = crowd.clients.slice(0, 10)
    if (!writer) throw new Error('Nobody is there.')
    const roomId = await crowd.quietRoom([writer, ...readers])
    const heardAfterMs: number[] = []
    const waiting: Promise<void>[] = []
    for (let round = 0; round < 40; round += 1) {
      const { seq } = await crowd.sayOverHttp(writer, roomId)
      const since = Date.now()
      waiting.push(
        ...readers.map(async (reader) => {
          await reader.untilSeq(roomId, seq, 60_000)
          heardAfterMs.push(Date.now() - since)
        }),
      )
      await delay(1_000)
    }
    await Promise.all(waiting)
    measures.within(`heads repair ${heardAfterMs.length} unannounced messages`, Math.max(...heardAfterMs), 35_000)
    measures.recoveredMs = Math.max(...heardAfterMs)
  },
}
