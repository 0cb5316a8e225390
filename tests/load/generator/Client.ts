import WebSocket from 'ws'

/** A command's answer: whether it was carried out, and the answer as it came. */
type OnReply = (ok: boolean, text: string) => void

/**
 * A Socket.IO client that looks at as little of what it hears as it can: an acknowledgement's number and its `ok`, an
 * event's name. The real client costs several times as much, and a load generator shares the machine with what it measures.
 */
export class Client {
  /** Told of every event as it came: `["receiveMessage",{…}]`. */
  onEvent: (namespace: string, text: string) => void = () => {}
  private readonly replies = new Map<number, OnReply>()
  private readonly joining = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  private asked = 0

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.hear(data.toString()))
    socket.on('close', () => this.end())
  }

  /** Resolves when the transport is open; `join` is next. */
  static open(url: string): Promise<Client> {
    const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
    const socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('open', () => {
        socket.off('error', reject)
        socket.on('error', () => {}) // `close` follows
        resolve(new Client(socket))
      })
    })
  }

  /** Rejects with the server's own words when it is refused. */
  join(namespace: string, auth: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.joining.set(namespace, { resolve, reject })
      this.socket.send(`40${namespace},${JSON.stringify(auth)}`)
    })
  }

  /** @param packet - the command with its input, as JSON: `["ping",{}]`. */
  ask(namespace: string, packet: string, onReply: OnReply): void {
    this.asked += 1
    this.replies.set(this.asked, onReply)
    this.socket.send(`42${namespace},${this.asked}${packet}`)
  }

  close(): void {
    this.socket.terminate()
  }

  private hear(text: string): void {
    const comma = text.indexOf(',')
    if (text === '2') this.socket.send('3')
    else if (text.startsWith('43')) {
      const begin = text.indexOf('[', comma)
      const number = Number(text.slice(comma + 1, begin))
      const onReply = this.replies.get(number)
      this.replies.delete(number)
      onReply?.(text.startsWith('{"ok":true', begin + 1), text.slice(begin))
    } else if (text.startsWith('42')) this.onEvent(text.slice(2, comma), text.slice(comma + 1))
    else if (text.startsWith('40')) this.joining.get(text.slice(2, comma))?.resolve()
    else if (text.startsWith('44')) this.joining.get(text.slice(2, comma))?.reject(new Error(text))
  }

  /** Nobody waits for what will not come. */
  private end(): void {
    for (const { reject } of this.joining.values()) reject(new Error('The connection was closed.'))
    const replies = [...this.replies.values()]
    this.replies.clear()
    for (const onReply of replies) onReply(false, 'the connection was closed')
  }
}
