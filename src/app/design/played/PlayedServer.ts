import { WebSocket as EngineWebSocket, Manager } from 'socket.io-client'
import { NetworkError } from '@/client/runtime/errors'
import type { HttpClient } from '@/client/transport/HttpClient'
import type { CreateManager } from '@/client/transport/ManagerLink'
import { AppError } from '@/contracts/errors'

/** What a command is answered with, by its name; a thrown AppError refuses it, and a promise may stay open for ever. */
export type Answers = Record<string, (input: never) => unknown>

/** `live`; `http`, no socket; `offline`, nothing is reached. */
export type Network = 'live' | 'http' | 'offline'

/** No heartbeat is ever late: two of these are less than a timer's longest wait, in milliseconds. */
const NEVER_MS = 1_000_000_000

/** As the engine uses a browser's WebSocket. */
class PlayedConnection {
  binaryType = 'arraybuffer'
  onopen = () => {}
  onclose = (_event: object) => {}
  onmessage = (_event: { data: string }) => {}
  onerror = (_event: object) => {}

  constructor(private readonly hear: (data: string) => void) {}

  send(data: string): void {
    this.hear(data)
  }

  close(): void {
    this.onclose({})
  }
}

/** A packet of Socket.IO in a message of Engine.IO: its type, namespace, the number of its acknowledgement and its payload. */
const packet = /^4(\d)(\/[^,]+),(\d*)(.*)$/s

/**
 * Stands where the server would be, in the page itself: the real engine talks to it, over its own transport and over HTTP. In
 * what it answers, the id `me` is the person whose page it is.
 */
export class PlayedServer {
  private connections: PlayedConnection[] = []

  constructor(
    private readonly userId: string,
    private readonly answers: Answers,
    private network: Network,
  ) {}

  readonly createManager: CreateManager = (url, options) => {
    const open = () => this.open()
    class PlayedTransport extends EngineWebSocket {
      override createSocket() {
        return open()
      }
    }
    return new Manager(url, { ...options, transports: [PlayedTransport], tryAllTransports: false })
  }

  readonly http: HttpClient = {
    call: async ({ name }, input) => {
      if (this.network === 'offline') throw new NetworkError('There is no network.')
      // Of the command's form, which no type can promise for each of them.
      return (await this.answer(name, input)) as never
    },
  }

  get isOnline(): boolean {
    return this.network !== 'offline'
  }

  /** From now on; what is open breaks. */
  become(network: Network): void {
    this.network = network
    if (network !== 'live') for (const connection of this.connections.splice(0)) connection.close()
  }

  emit(namespace: string, event: string, payload: unknown): void {
    const data = this.say(payload)
    for (const connection of this.connections) connection.onmessage({ data: `42${namespace},["${event}",${data}]` })
  }

  private open(): PlayedConnection {
    const connection = new PlayedConnection((data) => this.hear(connection, data))
    setTimeout(() => {
      if (this.network !== 'live') {
        connection.onerror({})
        return
      }
      this.connections.push(connection)
      connection.onopen()
      const hello = { sid: 'played', upgrades: [], pingInterval: NEVER_MS, pingTimeout: NEVER_MS, maxPayload: 1e6 }
      connection.onmessage({ data: `0${JSON.stringify(hello)}` })
    })
    return connection
  }

  private hear(connection: PlayedConnection, data: string): void {
    const [, type, namespace = '', id = '', text = ''] = packet.exec(data) ?? []
    if (type === '0') setTimeout(() => connection.onmessage({ data: `40${namespace},{"sid":"played"}` }))
    if (type !== '2' || id === '') return
    const [name, input]: [string, unknown] = JSON.parse(text)
    const reply = (answer: string) => connection.onmessage({ data: `43${namespace},${id}[${answer}]` })
    this.answer(name, input).then(
      (answer) => reply(`{"ok":true,"data":${JSON.stringify(answer)}}`),
      (error: unknown) => reply(JSON.stringify({ ok: false, error: asAppError(error).toWire('played') })),
    )
  }

  private async answer(name: string, input: unknown): Promise<unknown> {
    if (name === 'sessionToken') return { token: 'played', expiresAt: '2099-01-01T00:00:00.000Z', url: 'http://played' }
    const known = this.answers[name]
    if (!known) throw new AppError('NOT_FOUND', { message: `Nothing is played for ${name}.` })
    return JSON.parse(this.say(await known(input as never))) // each answer knows what its command carries
  }

  private say(answer: unknown): string {
    return (JSON.stringify(answer) ?? 'null').replaceAll('"me"', JSON.stringify(this.userId))
  }
}

const asAppError = (error: unknown): AppError => (error instanceof AppError ? error : new AppError('INTERNAL'))
