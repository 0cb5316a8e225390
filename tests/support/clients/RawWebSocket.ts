import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface RawWebSocketOptions {
  /** Beside those of the upgrade. */
  headers?: Record<string, string>
  /** Where it comes from: one of this machine's own addresses. */
  localAddress?: string
  /** What follows `/socket.io/?EIO=4&transport=websocket`. */
  query?: string
}

/** The server answered the upgrade with something else than 101. */
export class UpgradeRefused extends Error {
  constructor(
    readonly status: number,
    /** The answer's head, as it came. */
    readonly head: string,
  ) {
    super(`The upgrade was answered with ${status}.`)
  }
}

/** A namespace's answer to CONNECT. */
export interface ConnectAnswer {
  ok: boolean
  /** A refusal's `data.code`. */
  code: string | undefined
  /** A refusal's `data`, as it came. */
  data: { retryAfterMs?: number; message?: string } | undefined
}

/**
 * A WebSocket to Socket.IO made by hand, for what no decent client does: never reading, sending half a frame, saying CONNECT
 * again and again. It answers the engine's heartbeat unless it is paused.
 */
export class RawWebSocket {
  isClosed = false
  /** The engine's messages, as they came. */
  readonly heard: string[] = []
  private readonly listeners = new Set<() => void>()
  private rest = Buffer.alloc(0)
  private asked = 0

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.read(chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isClosed = true
      this.told()
    })
  }

  /** Resolves when it is open. @throws UpgradeRefused. */
  static open(
    url: string,
    { headers = {}, query = '', localAddress }: RawWebSocketOptions = {},
  ): Promise<RawWebSocket> {
    const { hostname, port, host } = new URL(url)
    const socket = connect({ port: Number(port), host: hostname, ...(localAddress && { localAddress }) })
    const head = {
      ...{ Host: host, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
      ...{ 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...headers },
    }
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`GET /socket.io/?EIO=4&transport=websocket${query} HTTP/1.1\r\n${lines.join('')}\r\n`)
    return new Promise((resolve, reject) => {
      let answer = Buffer.alloc(0)
      const onData = (chunk: Buffer) => {
        answer = Buffer.concat([answer, chunk])
        const end = answer.indexOf('\r\n\r\n')
        if (end < 0) return
        socket.off('data', onData).off('error', reject).off('close', onClose)
        const text = answer.subarray(0, end).toString()
        const status = Number(text.split(' ')[1])
        if (status === 101) {
          const opened = new RawWebSocket(socket)
          opened.read(answer.subarray(end + 4))
          resolve(opened)
        } else {
          socket.on('error', () => {})
          socket.destroy()
          reject(new UpgradeRefused(status, text))
        }
      }
      const onClose = () => reject(new Error('The connection was closed before the upgrade was answered.'))
      socket.on('data', onData).once('error', reject).once('close', onClose)
    })
  }

  /** A text frame. */
  send(text: string): void {
    this.sendPart(text, Buffer.byteLength(text))
  }

  /** The beginning of a text frame that says it has so many bytes. */
  sendPart(text: string, announcedBytes: number): void {
    const body = Buffer.from(text)
    const mask = randomBytes(4)
    const head = announcedBytes < 126 ? Buffer.alloc(2) : Buffer.alloc(announcedBytes < 65_536 ? 4 : 10)
    head[0] = 0x81
    head[1] = 0x80 | (announcedBytes < 126 ? announcedBytes : announcedBytes < 65_536 ? 126 : 127)
    if (head.length === 4) head.writeUInt16BE(announcedBytes, 2)
    if (head.length === 10) head.writeBigUInt64BE(BigInt(announcedBytes), 2)
    for (let i = 0; i < body.length; i += 1) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0)
    this.socket.write(Buffer.concat([head, mask, body]))
  }

  /** Says CONNECT and waits for the answer; rejects when the connection closes instead. */
  async join(namespace: string, token: unknown): Promise<ConnectAnswer> {
    const from = this.heard.length
    this.send(`40${namespace},${JSON.stringify({ token })}`)
    const isAnswer = (text: string) => text.startsWith(`40${namespace},`) || text.startsWith(`44${namespace},`)
    await this.until(() => this.heard.slice(from).some(isAnswer))
    const text = this.heard.slice(from).find(isAnswer)
    if (text === undefined) throw new Error('The connection was closed before CONNECT was answered.')
    if (text.startsWith('40')) return { ok: true, code: undefined, data: undefined }
    const { data } = JSON.parse(text.slice(text.indexOf(',') + 1)) as {
      data?: ConnectAnswer['data'] & { code?: string }
    } // as the contract says
    return { ok: false, code: data?.code, data }
  }

  /** Sends a command and resolves with the time its answer took, in milliseconds; undefined when the connection closed. */
  async ask(namespace: string, command: string, input: unknown): Promise<number | undefined> {
    this.asked += 1
    const answer = `43${namespace},${this.asked}[`
    const begun = performance.now()
    this.send(`42${namespace},${this.asked}${JSON.stringify([command, input])}`)
    await this.until(() => this.heard.some((text) => text.startsWith(answer)))
    const at = this.heard.findIndex((text) => text.startsWith(answer))
    if (at < 0) return undefined
    this.heard.splice(at, 1)
    return performance.now() - begun
  }

  /** Sends a command and waits for nothing. */
  tell(namespace: string, command: string, input: unknown): void {
    this.asked += 1
    this.send(`42${namespace},${this.asked}${JSON.stringify([command, input])}`)
  }

  /** Resolves when the condition holds or the connection is closed. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.isClosed && !holds()) return
        this.listeners.delete(look)
        resolve()
      }
      this.listeners.add(look)
      look()
    })
  }

  /** Resolves when the other side has closed it. */
  closed(): Promise<void> {
    return this.until(() => false)
  }

  /** From now on nothing is read. */
  pause(): void {
    this.socket.pause()
  }

  close(): void {
    this.socket.destroy()
  }

  private read(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk])
    for (;;) {
      const short = (this.rest[1] ?? 0) & 0x7f
      const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10
      if (this.rest.length < headBytes) break
      const bytes =
        short < 126 ? short : short === 126 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2))
      if (this.rest.length < headBytes + bytes) break
      const text = this.rest.subarray(headBytes, headBytes + bytes).toString()
      const isClose = ((this.rest[0] ?? 0) & 0x0f) === 8
      this.rest = this.rest.subarray(headBytes + bytes)
      if (isClose) this.socket.end()
      else if (text === '2') this.send('3')
      else this.heard.push(text)
    }
    this.told()
  }

  private told(): void {
    for (const listener of [...this.listeners]) listener()
  }
}
