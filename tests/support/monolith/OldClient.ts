import { SignJWT } from 'jose'
import { io, type Socket } from 'socket.io-client'
import type { OldMessage } from './MessageFeed'

type Reply = { success: true; message?: OldMessage } | { success: false; error: string }

/** A page of the old app. */
export class OldClient {
  /** What it was told, in the order in which it was. */
  readonly heard: OldMessage[] = []

  private constructor(private readonly socket: Socket) {
    socket.on('new_message', (message: OldMessage) => this.heard.push(message))
  }

  static async connect(url: string, userId: string, secret: Uint8Array): Promise<OldClient> {
    const token = await new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(userId).sign(secret)
    const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
    const client = new OldClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    return client
  }

  /** Resolves with the id of what was acknowledged. */
  async send(chatId: string, content: string): Promise<string> {
    const { message } = await this.ask('send_message', { chatId, content })
    if (!message) throw new Error('It was acknowledged without its message.')
    return message.id
  }

  async markRead(chatId: string): Promise<void> {
    await this.ask('messages_read', { chatId })
  }

  stop(): void {
    this.socket.disconnect()
  }

  private async ask(event: string, input: object): Promise<{ message?: OldMessage }> {
    const reply: Reply = await this.socket.timeout(10_000).emitWithAck(event, input)
    if (!reply.success) throw new Error(reply.error)
    return reply
  }
}
