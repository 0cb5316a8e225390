import { setTimeout as delay } from 'node:timers/promises'
import type { Scenario } from './scenario'

const people = 50

export const kill: Scenario = {
  name: 'kill-9',
  fault: 'kill -9 of the socket server, restart',
  people,
  limitMs: 60_000,
  async run({ world, crowd, measures }) {
    await crowd.typeFor(3_000)
    const since = Date.now()
    await world.socket.end('SIGKILL')
    await world.socket.start()
    measures.note(`serving again after ${Date.now() - since} ms`)
    await crowd.untilLive(30_000)
    measures.recoveredMs = Date.now() - since
    measures.within('every client live again', measures.recoveredMs, 10_000)
    measures.none('sends shown as failed', crowd.shownAsFailed)
    await delay(2_000)
  },
}

export const terminate: Scenario = {
  name: 'sigterm',
  fault: 'SIGTERM of the socket server, restart',
  people,
  limitMs: 60_000,
  async run({ world, crowd, measures }) {
    await crowd.typeFor(3_000)
    const since = Date.now()
    const ending = await world.socket.end('SIGTERM')
    await world.socket.start()
    await crowd.untilLive(30_000)
    measures.recoveredMs = Date.now() - since
    measures.must(`exit code ${ending.code ?? ending.signal}`, ending.code === 0)
    measures.within('exit', ending.ms, 10_000)
    await delay(2_000)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}
