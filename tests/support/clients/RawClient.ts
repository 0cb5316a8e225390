import { Manager, type Socket } from 'socket.io-client'
import { type SessionTokenData, SessionTokenData as SessionTokenSchema } from '@/contracts/auth'
import type { ChatCommands, ChatMessage } from '@/contracts/chat'
import type { CommandData, CommandInput } from '@/contracts/command'
import type { Reply } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import type { Person } from '../workload/people'

export interface RawClientOptions {
  webUrl: string
  /** Instead of what the session token names. */
  socketUrl?: string
  /** `/chat` unless given. */
  namespace?: Namespace
}

/**
 * A client with no engine: each command is one attempt, whose raw answer counts. For probes, and for sending far more than
 * a person does.
 */
export class RawClient {
  private readonly heard = new Map<string, ChatMessage[]>()

  private constructor(
    readonly person: Person,
    private readonly webUrl: string,
    private readonly manager: Manager,
    readonly socket: Socket,
  ) {
    socket.on('receiveMessage', (message: ChatMessage) => {
      const ofRoom = this.heard.get(message.roomId)
      if (ofRoom) ofRoom.push(message)
      else this.heard.set(message.roomId, [message])
    })
  }

  /** Resolves when it is connected over WebSocket. */
  static async connect(
    person: Person,
    { webUrl, socketUrl, namespace = '/chat' }: RawClientOptions,
  ): Promise<RawClient> {
    const token = () => sessionToken(person, webUrl, namespace)
    const manager = new Manager(socketUrl ?? (await token()).url, {
      transports: ['websocket'],
      reconnection: false,
      autoConnect: false,
    })
    const socket = manager.socket(namespace, {
      auth: (answer) => void token().then(answer, () => answer({})),
    })
    const client = new RawClient(person, webUrl, manager, socket)
    await client.reconnect()
    return client
  }

  /** A new handshake, with a fresh token. */
  async reconnect(): Promise<void> {
    const { socket } = this
    socket.disconnect()
    await new Promise<void>((resolve, reject) => {
      // A connection that ends before the namespace has answered is no error to either of them; a refusal says why next.
      const closed = (reason: string) => queueMicrotask(() => settle(new Error(reason)))
      const settle = (error?: Error) => {
        socket.off('connect', settle).off('connect_error', settle)
        this.manager.off('error', settle).off('close', closed)
        if (error) reject(error)
        else resolve()
      }
      socket.on('connect', settle).on('connect_error', settle)
      this.manager.on('error', settle).on('close', closed)
      socket.connect()
    })
  }

  /** Rejects when there is no answer within `timeoutMs` or the connection goes away. */
  async ask<Name extends keyof ChatCommands & string>(
    command: Name,
    input: CommandInput<ChatCommands[Name]>,
    timeoutMs = 20_000,
  ): Promise<Reply<CommandData<ChatCommands[Name]>>> {
    return await this.socket.timeout(timeoutMs).emitWithAck(command, input)
  }

  /** The same, for commands that must succeed. */
  async asked<Name extends keyof ChatCommands & string>(
    command: Name,
    input: CommandInput<ChatCommands[Name]>,
  ): Promise<CommandData<ChatCommands[Name]>> {
    const reply = await this.ask(command, input)
    if (!reply.ok) throw new Error(`${command} failed: ${JSON.stringify(reply.error)}`)
    return reply.data
  }

  /** What was heard live in this room since the last call. */
  takeHeard(roomId: string): ChatMessage[] {
    const heard = this.heard.get(roomId) ?? []
    this.heard.delete(roomId)
    return heard
  }

  /** The answer stops listening. */
  onMessage(listener: (message: ChatMessage) => void): () => void {
    this.socket.on('receiveMessage', listener)
    return () => this.socket.off('receiveMessage', listener)
  }

  /** One request to the HTTP API; resolves whatever the status. */
  async http(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.webUrl + path, {
      method,
      headers: { cookie: this.person.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  stop(): void {
    this.socket.disconnect()
  }
}

async function sessionToken(person: Person, webUrl: string, namespace: Namespace): Promise<SessionTokenData> {
  const response = await fetch(`${webUrl}/api/auth/session-token?namespace=${namespace}`, {
    headers: { cookie: person.cookie },
  })
  return SessionTokenSchema.parse(await response.json())
}
