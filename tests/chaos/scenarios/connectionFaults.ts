import { setTimeout as delay } from 'node:timers/promises'
import type { ChatMessage } from '@/contracts/chat'
import { waitUntil } from '../../../scripts/support/processes'
import type { ChaosClient } from '../../support/clients/ChaosClient'
import { RawClient } from '../../support/clients/RawClient'
import type { Tap } from '../../support/proxy/conditions'
import { refuseUpgrades, swallowUpgrades } from '../../support/proxy/taps'
import { Line } from '../../support/workload/Line'
import { seconds } from './Measures'
import type { Scenario } from './scenario'

const people = 50

export const portBlocked: Scenario = {
  name: 'port-blocked',
  fault: 'socket port blocked 60 s',
  people,
  limitMs: 180_000,
  async run({ world, crowd, measures }) {
    const [writer, ...readers] = crowd.clients.slice(0, 10)
    if (!writer) throw new Error('Nobody is there.')
    const quietRoomId = await crowd.quietRoom([writer, ...readers])
    await crowd.typeFor(3_000)
    // As behind a firewall that drops packets: what is open falls silent, what is new is never answered.
    world.proxies.socket.impose({ admit: 'swallow' })
    world.proxies.socket.silenceAll()
    const blockedAt = Date.now()
    const heard = heardAfter(readers, await crowd.sayOverHttp(writer, quietRoomId))
    const firstOverHttp = await Promise.all(
      crowd.clients.map(async (client) => {
        const room = crowd.rooms.find(({ members }) => members.includes(client))
        if (!room) throw new Error(`${client.person.name} is in no room.`)
        const text = crowd.say(client, room.id)
        await client.untilSent(room.id, text, 60_000)
        return Date.now() - blockedAt
      }),
    )
    measures.within('everyone’s first send over HTTP', Math.max(...firstOverHttp), 10_000)
    await delay(Math.max(0, blockedAt + 60_000 - Date.now()))
    measures.note(`what another said was seen after ${seconds(await heard)} at most`)
    measures.note(`${crowd.clients.filter(({ connection }) => connection.state === 'http').length} pages say HTTP`)
    world.proxies.socket.calm()
    const since = Date.now()
    await crowd.untilLive(60_000)
    measures.recoveredMs = Date.now() - since
    measures.none('sends shown as failed', crowd.shownAsFailed)
    await delay(2_000)
  },
}

/** How long it takes until the last of these people has the message, in milliseconds. */
async function heardAfter(readers: readonly ChaosClient[], { roomId, seq }: ChatMessage): Promise<number> {
  const since = Date.now()
  await Promise.all(readers.map((reader) => reader.untilSeq(roomId, seq, 120_000)))
  return Date.now() - since
}

export const slicedAndCut: Scenario = {
  name: 'sliced-and-cut',
  fault: '1-byte slices; cut mid-upgrade',
  people,
  limitMs: 120_000,
  async run({ world, crowd, measures, random }) {
    await crowd.typeFor(2_000)
    const pid = world.socket.pid
    // A handshake over WebSocket is some 500 bytes with its answer: every cut falls into it, or right behind.
    world.proxies.socket.impose({
      cutAfterBytes: () => (random() < 0.7 ? 1 + Math.floor(random() * 900) : Number.POSITIVE_INFINITY),
    })
    world.proxies.socket.resetAll()
    await delay(10_000)
    world.proxies.socket.calm()
    world.proxies.socket.impose({ sliceBytes: 1 })
    const since = Date.now()
    await crowd.untilLive(40_000)
    measures.recoveredMs = Date.now() - since
    await delay(8_000)
    measures.must('all live and sending in 1-byte slices', crowd.notLive.length === 0)
    measures.must('the server never went away', world.socket.isRunning && world.socket.pid === pid)
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
}

const upgradeFault = (name: string, fault: string, tap: () => Tap): Scenario => ({
  name,
  fault,
  people,
  limitMs: 150_000,
  async run({ world, crowd, measures }) {
    await crowd.typeFor(2_000)
    world.proxies.socket.impose({ tap: tap() })
    world.proxies.socket.resetAll()
    const since = Date.now()
    const isPolling = () => crowd.clients.every(({ connection }) => connection.state === 'polling')
    const all = await waitUntil(isPolling, { timeoutMs: 90_000 })
    measures.recoveredMs = Date.now() - since
    measures.must('everyone on long polling', all)
    await delay(5_000)
    measures.must('and staying there', isPolling())
    measures.none('sends shown as failed', crowd.shownAsFailed)
  },
})

export const upgradeRefused = upgradeFault('upgrade-refused', 'WebSocket upgrade refused', refuseUpgrades)
export const upgradeSwallowed = upgradeFault('upgrade-swallowed', 'WebSocket upgrade swallowed', swallowUpgrades)

/** Engine interval plus timeout, and a second to look. */
const noticedMs = 46_000
/** Somebody seen lately counts as present for so long without a connection. */
const presenceMs = noticedMs + 32_000

export const halfOpen: Scenario = {
  name: 'half-open',
  fault: 'half-open client',
  people,
  limitMs: 180_000,
  async run(stage) {
    const { world, crowd, measures, onEnd } = stage
    const line = await Line.lay(world)
    onEnd(() => line.stop())
    const guest = await crowd.welcome('Half-open', { socketUrl: line.socketUrl, webUrl: line.webUrl })
    const [friend] = crowd.clients
    if (!friend) throw new Error('Nobody is there.')
    await crowd.untilLive(20_000)
    const roomId = await crowd.quietRoom([guest, friend])
    const observer = await RawClient.connect(friend.person, { webUrl: `http://127.0.0.1:${world.proxies.web.port}` })
    onEnd(() => observer.stop())
    const isPresent = async () =>
      (await observer.asked('joinRoom', { roomId })).participants.some(
        ({ id, isOnline }) => id === guest.person.id && isOnline,
      )
    await crowd.typeFor(2_000)
    measures.must('present before', await isPresent())
    // The web stays silent, too, and new connections are swallowed: this network is simply gone.
    for (const proxy of [line.socket, line.web]) {
      proxy.impose({ admit: 'swallow' })
      proxy.silenceAll()
    }
    const since = Date.now()
    const seen = world.socket.logged
    const isAboutGuest = (line: string) => line.includes(guest.person.id) && line.includes('ping timeout')
    const hasNoticed = () => world.socket.loggedSince(seen).some(isAboutGuest)
    await waitUntil(hasNoticed, { timeoutMs: 70_000, everyMs: 100 })
    measures.within('noticed by the server', Date.now() - since, noticedMs)
    await waitUntil(async () => !(await isPresent()), {
      timeoutMs: 60_000,
      everyMs: 500,
    })
    measures.within('presence gone', Date.now() - since, presenceMs)
    measures.must('noticed by the client', guest.connection.state !== 'connected')
    line.mend()
    const mended = Date.now()
    await crowd.untilLive(60_000)
    measures.recoveredMs = Date.now() - mended
  },
}
