import { beforeAll, expect, test } from 'vitest'
import { Fuzzer, footprint, openDescriptors, worstAnswer } from '../../support/fuzz/Fuzzer'
import { recordingLogger } from '../../support/recordingLogger'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

/** How many of all kinds together: 2,000 among the tests, 100,000 with `pnpm fuzz`. */
const CASES = Number(process.env.FUZZ_CASES ?? 2_000)
/** The same cases again: FUZZ_SEED=… */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000)
/** What may be left afterwards: caches and pools that have filled, and nothing that grows with the number of cases. */
const HEAP_BAND = 60_000_000
const DESCRIPTORS_BAND = 30
/** Nobody else waits longer for a ping and a look at /health together, in milliseconds. */
const WORST_MS = 3_000

let servers: TestServers
let user: TestUser
let roomId: string
const { logger, entries } = recordingLogger()

beforeAll(async () => {
  servers = await startServers()
  const people = await twoPeopleInARoom(servers)
  user = people.ada
  roomId = people.roomId
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [user.id])
  // The one that the cases concern logs where it can be read.
  const { url, app } = await servers.startSocket({}, { logger })
  servers = { ...servers, sockets: [{ url, app }] }
})

// Each with its share: what ends the connection every time costs most.
const kinds: [string, number, (fuzzer: Fuzzer, count: number) => Promise<void>][] = [
  ['requests to every declared address', 0.6, (fuzzer, count) => fuzzer.requests(count)],
  ['packets over WebSocket', 0.15, (fuzzer, count) => fuzzer.packets(count)],
  ['packets over long polling', 0.25, (fuzzer, count) => fuzzer.polls(count)],
]

test.each(kinds)(
  `mutated %s are refused in order, seed ${SEED}`,
  async (_, share, say) => {
    const other = await (await servers.user('Somebody else')).connect({ url: servers.sockets[0].url })
    const fuzzer = new Fuzzer(servers, user, roomId, SEED)
    await say(fuzzer, 200) // what is made once is made now
    const before = await footprint()
    const work = say(fuzzer, Math.floor(CASES * share))
    const worst = await worstAnswer(servers, () => asked(other, 'ping', undefined), work)
    await work

    expect(fuzzer.faults.slice(0, 5)).toEqual([])
    const errors = entries.filter(({ level }) => level === 'error')
    expect(errors.slice(0, 3).map(({ message, fields }) => ({ message, cause: String(fields?.cause ?? '') }))).toEqual(
      [],
    )
    expect(worst).toBeLessThan(WORST_MS)
    let open = ''
    const hasReturned = async () => {
      open = await openDescriptors()
      return (await footprint()).descriptors <= before.descriptors + DESCRIPTORS_BAND
    }
    // Connections that nobody uses any more are kept for 72 s.
    await waitFor(hasReturned, {
      ...{ timeoutMs: 90_000, everyMs: 500 },
      what: () => `${before.descriptors} descriptors and ${DESCRIPTORS_BAND} more at most: ${open}`,
    })
    entries.length = 0
    expect((await footprint()).heap).toBeLessThan(before.heap + HEAP_BAND)
  },
  120_000 + CASES * 30,
)
