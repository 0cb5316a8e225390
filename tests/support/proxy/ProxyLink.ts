import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Conditions } from './conditions'

export type Side = 'client' | 'server'

/**
 * One connection through the proxy. Each direction is passed on in order and with back-pressure: while the receiving side
 * does not take more, the sending side is not read.
 */
export class ProxyLink {
  private readonly sockets: Readonly<Record<Side, Socket>>
  private readonly stalled = new Set<Side>()
  private readonly cutAfterBytes: number
  private passedBytes = 0
  private isSilent = false

  constructor(
    client: Socket,
    server: Socket,
    private readonly conditions: () => Conditions,
  ) {
    this.sockets = { client, server }
    this.cutAfterBytes = conditions().cutAfterBytes()
    this.connect('client')
    this.connect('server')
  }

  get isClosed(): boolean {
    return this.sockets.client.destroyed && this.sockets.server.destroyed
  }

  /** RST to both sides. */
  reset(): void {
    for (const socket of Object.values(this.sockets)) socket.resetAndDestroy()
  }

  /** An orderly end (FIN) to both sides, in the middle of whatever they were saying. */
  drop(): void {
    for (const socket of Object.values(this.sockets)) socket.destroySoon()
  }

  /** Half-open: from now on everything is swallowed, closing included; either side believes the other is there. */
  silence(): void {
    this.isSilent = true
    this.resume()
  }

  /** What this side says is not read any more, until `resume`: to the one who says it, the other reads too slowly. */
  stall(from: Side): void {
    this.stalled.add(from)
    this.sockets[from].pause()
  }

  resume(): void {
    for (const side of this.stalled) this.sockets[side].resume()
    this.stalled.clear()
  }

  /** Says something to one side in the other's name. */
  say(to: Side, text: string): void {
    this.sockets[to].write(text)
  }

  private connect(from: Side): void {
    const source = this.sockets[from]
    const target = this.sockets[from === 'client' ? 'server' : 'client']
    source.setNoDelay(true)
    source.on('data', (chunk: Buffer) => {
      source.pause()
      void this.forward(from, target, chunk).then(() => {
        if (!this.stalled.has(from)) source.resume()
      })
    })
    source.on('end', () => {
      if (this.isSilent) source.destroySoon()
      else target.end()
    })
    let failed = false
    source.on('error', () => {
      failed = true
    })
    source.on('close', () => {
      if (this.isSilent) return
      if (failed) target.resetAndDestroy()
      else target.destroySoon()
    })
  }

  private async forward(from: Side, target: Socket, chunk: Buffer): Promise<void> {
    if (this.isSilent) return
    const { tap, delayMs, sliceBytes } = this.conditions()
    if (tap?.(this, from, chunk) === 'swallow') return
    if (delayMs > 0) await delay(delayMs)
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      if (this.isSilent || !target.writable) return
      const slice = chunk.subarray(at, at + sliceBytes)
      const left = this.cutAfterBytes - this.passedBytes
      this.passedBytes += slice.length
      const taken = target.write(left < slice.length ? slice.subarray(0, left) : slice)
      if (left <= slice.length) {
        this.reset()
        return
      }
      // A socket that closes instead of draining is heard by its own listeners.
      if (!taken) await Promise.race([once(target, 'drain'), once(target, 'close')]).catch(() => {})
      else if (sliceBytes < chunk.length) await new Promise(setImmediate)
    }
  }
}
