import { readdir, readlink } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { namespaces } from '@/contracts/namespaces'
import type { TestServers } from '../servers/servers'
import { http, type TestUser } from '../servers/testUser'
import { waitFor } from '../waitFor'
import { oneOf, type Random, seededRandom } from '../workload/random'
import { httpCase } from './httpCases'
import { garble } from './mutate'
import { packet } from './packets'
import { WireSocket } from './WireSocket'

/** Packets that one connection says, should it live so long. */
const PER_CONNECTION = 40

/** Says nonsense to the servers, the same for the same seed, and tells what they should not have done. */
export class Fuzzer {
  readonly faults: string[] = []
  private readonly random: Random

  constructor(
    private readonly servers: TestServers,
    private readonly user: TestUser,
    private readonly roomId: string,
    seed: number,
  ) {
    this.random = seededRandom(seed)
  }

  /** `count` requests to the declared addresses of both ports, with and without somebody signed in. */
  async requests(count: number): Promise<void> {
    const credentials = [
      { cookie: this.user.cookie },
      { cookie: this.user.cookie },
      { authorization: `Bearer ${this.servers.serviceKey}` },
      { authorization: `Bearer ${garble(this.random, this.servers.serviceKey)}`, cookie: 'auth_session=%00' },
      {},
    ]
    for (let i = 0; i < count; i++) {
      const { isWeb, method, path, headers, body } = httpCase(this.random, this.roomId, credentials)
      const what = `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 200)} ${String(body).slice(0, 500)}`
      try {
        const url = (isWeb ? this.servers.webUrl : this.servers.sockets[0].url) + path
        const response = await fetch(url, { method, headers, ...(body !== undefined && { body: Buffer.from(body) }) })
        const text = await response.text()
        if (response.status >= 500) this.faults.push(`${response.status} for ${what}: ${text.slice(0, 300)}`)
        if (text.includes('"INTERNAL"')) this.faults.push(`INTERNAL for ${what}`)
      } catch (error) {
        // Some headers no client may send; anything else is the server's doing.
        if (!(error instanceof TypeError && /header|Header|ByteString/.test(String(error.cause ?? error)))) {
          this.faults.push(`${what}: ${error} ${error instanceof Error ? error.cause : ''}`)
        }
      }
    }
  }

  /** `count` packets over WebSocket, half of them by somebody who is signed in. */
  async packets(count: number): Promise<void> {
    const { random } = this
    for (let said = 0; said < count; ) {
      const wire = await WireSocket.open(this.servers.sockets[0].url)
      if (random() < 0.6) await this.signIn(wire)
      const log: string[] = []
      for (let i = 0; i < PER_CONNECTION && wire.isOpen && said < count; i++, said++) {
        const text = packet(random, this.roomId)
        log.push(text.slice(0, 300))
        const kind = random()
        if (kind < 0.9) wire.send(text)
        else if (kind < 0.95) wire.send(Buffer.from(text))
        else if (kind < 0.98)
          wire.frame(Math.floor(random() * 16), Buffer.from(text), oneOf(random, [0x80, 0, 0xc0, 0xf0]))
        else wire.raw(Buffer.from(garble(random, text)))
        await wire.flushed()
      }
      await answered(wire)
      if (wire.heard.includes('"INTERNAL"')) this.faults.push(`INTERNAL among the answers to ${log.join('\n')}`)
      wire.close()
    }
  }

  /** `count` bodies of long polling. */
  async polls(count: number): Promise<void> {
    const { random } = this
    const base = `${this.servers.sockets[0].url}/socket.io/?EIO=4&transport=polling`
    for (let said = 0; said < count; ) {
      const sid = /"sid":"([^"]+)"/.exec(await (await fetch(base)).text())?.[1]
      for (let i = 0; i < PER_CONNECTION && said < count; i++, said++) {
        const packets = Array.from({ length: 1 + Math.floor(random() * 3) }, () => packet(random, this.roomId))
        const body = packets.join(oneOf(random, ['\u001e', '\u001e', '\u001e', '\u001e\u001e', '\n']))
        const address =
          random() < 0.95
            ? `${base}&sid=${sid}`
            : `${base}&sid=${encodeURIComponent(garble(random, String(sid)).toWellFormed())}`
        const method = oneOf(random, ['POST', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
        const response = await fetch(address, { method, body, headers: { 'content-type': 'text/plain' } })
        const text = await response.text()
        if (response.status >= 500)
          this.faults.push(`${response.status} for ${method} ${body.slice(0, 500)}: ${text.slice(0, 200)}`)
        if (response.status === 400) break // the connection is gone, or was never there
      }
    }
  }

  private async signIn(wire: WireSocket): Promise<void> {
    const namespace = oneOf(this.random, namespaces)
    const token = await this.user.token(namespace)
    wire.send(`40${namespace},${JSON.stringify({ token })}`)
    await waitFor(
      () => wire.heard.includes(`40${namespace},`) || wire.heard.includes(`44${namespace},`) || !wire.isOpen,
    )
  }
}

/** What was said is dealt with: a probe is answered, or the connection was closed for it. */
async function answered(wire: WireSocket): Promise<void> {
  wire.send('40/nobody-serves-this,')
  await waitFor(() => wire.heard.includes('44/nobody-serves-this,') || !wire.isOpen).catch(() => {})
}

/** How often somebody else looks whether they are served, in milliseconds: an asker without a pause would be the load. */
const LOOK_EVERY_MS = 20

/** Of this process, which holds the servers: bytes in use after a collection, and open descriptors. */
export async function footprint(): Promise<{ heap: number; descriptors: number }> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return { heap: process.memoryUsage().heapUsed, descriptors: (await readdir('/proc/self/fd')).length }
}

/** What this process holds open, for the sentence that says it is too much: `23 socket, 2 /tmp/…`. */
export async function openDescriptors(): Promise<string> {
  const names = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => 'closed')),
  )
  const counts = new Map<string, number>()
  for (const name of names.map((each) => each.replace(/:\[\d+\]$/, ''))) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
}

/** Whether somebody else is served meanwhile, and how slowly at worst, in milliseconds. */
export async function worstAnswer(
  servers: TestServers,
  ping: () => Promise<unknown>,
  until: Promise<unknown>,
): Promise<number> {
  let worst = 0
  let isOver = false
  void until.finally(() => {
    isOver = true
  })
  while (!isOver) {
    const begun = performance.now()
    await ping()
    const { status } = await http(servers.sockets[0].url, 'GET', '/health')
    if (status !== 200) throw new Error(`/health answered ${status}.`)
    worst = Math.max(worst, performance.now() - begun)
    await delay(LOOK_EVERY_MS)
  }
  return worst
}
