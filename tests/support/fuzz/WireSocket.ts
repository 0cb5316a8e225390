import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { waitFor } from '../waitFor'

/** A WebSocket that says whatever it is told to, right or wrong, and keeps what it hears as text. */
export class WireSocket {
  heard = ''
  isOpen = true

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      // Enough to find an answer in.
      this.heard = (this.heard + chunk).slice(-200_000)
    })
    // A server that closes on whoever talks nonsense is right.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isOpen = false
    })
  }

  static async open(url: string): Promise<WireSocket> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const wire = new WireSocket(socket)
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\n` +
        `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
    await waitFor(() => wire.heard.includes('0{"sid"') || !wire.isOpen)
    return wire
  }

  /** A text frame, or a binary one. */
  send(payload: string | Buffer): void {
    const body = Buffer.from(payload)
    this.frame(typeof payload === 'string' ? 1 : 2, body)
  }

  /** A frame of any kind, of which `flags` may say what is not so. */
  frame(opcode: number, body: Buffer, flags = 0x80): void {
    const mask = randomBytes(4)
    const masked = Buffer.from(body.map((byte, i) => byte ^ (mask[i % 4] ?? 0)))
    const length =
      body.length < 126
        ? Buffer.from([0x80 | body.length])
        : body.length < 65_536
          ? Buffer.from([0x80 | 126, body.length >> 8, body.length & 0xff])
          : Buffer.from([
              0x80 | 127,
              0,
              0,
              0,
              0,
              body.length >>> 24,
              (body.length >> 16) & 0xff,
              (body.length >> 8) & 0xff,
              body.length & 0xff,
            ])
    this.raw(Buffer.concat([Buffer.from([flags | opcode]), length, mask, masked]))
  }

  raw(bytes: Buffer): void {
    if (this.isOpen) this.socket.write(bytes)
  }

  /** Resolves when everything sent so far has left, or the connection has ended. */
  async flushed(): Promise<void> {
    if (this.isOpen && this.socket.writableNeedDrain)
      await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')])
  }

  close(): void {
    this.socket.destroy()
  }
}
