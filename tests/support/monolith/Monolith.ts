import type { Server as HttpServer } from 'node:http'
import { jwtVerify } from 'jose'
import type pg from 'pg'
import { Server, type Socket } from 'socket.io'
import { MessageFeed, type OldMessage } from './MessageFeed'

type Answer = (reply: { success: true; message?: OldMessage } | { success: false; error: string }) => void

export interface MonolithOptions {
  http: HttpServer
  /** Its tables are found by the search path of these connections. */
  db: pg.Pool
  /** NEXTAUTH_SECRET. */
  secret: Uint8Array
  /** As the guide changes it: there is a bridge to Tandem, and the feed tells what was written, by whichever side. */
  feedUrl?: string
}

/**
 * The server that is moved from: Socket.IO on one namespace inside the web process, with NextAuth's token, a table of its own,
 * and a row, an event and an answer for each message.
 */
export class Monolith {
  private readonly io: Server
  private readonly feed: MessageFeed | undefined

  constructor(private readonly options: MonolithOptions) {
    this.io = new Server(options.http)
    this.feed = options.feedUrl === undefined ? undefined : new MessageFeed(this.io, options.feedUrl)
    this.io.use((socket, next) => {
      this.authenticate(socket).then(() => next(), next)
    })
    this.io.on('connection', (socket) => this.serve(socket))
  }

  async start(): Promise<void> {
    await this.feed?.start()
  }

  async stop(): Promise<void> {
    await this.io.close()
    await this.feed?.stop()
  }

  private async authenticate(socket: Socket): Promise<void> {
    const { payload } = await jwtVerify(String(socket.handshake.auth.token), this.options.secret)
    socket.data.userId = payload.sub
    const { rows } = await this.options.db.query<{ chat_id: string }>(
      'SELECT chat_id FROM chat_members WHERE user_id = $1',
      [payload.sub],
    )
    await socket.join(rows.map(({ chat_id }) => `chat_${chat_id}`))
  }

  private serve(socket: Socket): void {
    const userId: string = socket.data.userId
    socket.on('send_message', (input: { chatId: string; content: string }, answer: Answer) => {
      this.send(userId, input).then(
        (message) => answer({ success: true, message }),
        (error: unknown) => answer({ success: false, error: String(error) }),
      )
    })
    socket.on('messages_read', (input: { chatId: string }, answer: Answer) => {
      this.markRead(userId, input.chatId).then(
        () => answer({ success: true }),
        (error: unknown) => answer({ success: false, error: String(error) }),
      )
    })
  }

  private async send(userId: string, { chatId, content }: { chatId: string; content: string }): Promise<OldMessage> {
    const { rows } = await this.options.db.query<OldMessage>(
      `INSERT INTO messages (chat_id, sender_id, content)
       SELECT chat_id, user_id, $3 FROM chat_members WHERE chat_id = $1 AND user_id = $2
       RETURNING id, chat_id AS "chatId", sender_id AS "senderId", content, created_at AS "createdAt"`,
      [chatId, userId, content],
    )
    const [message] = rows
    if (!message) throw new Error('This is not a chat of yours.')
    if (!this.feed) this.io.to(`chat_${chatId}`).emit('new_message', message)
    return message
  }

  private async markRead(userId: string, chatId: string): Promise<void> {
    await this.options.db.query(
      this.feed
        ? 'SELECT bridge.mark_read($1, $2)'
        : "UPDATE chat_members SET last_read_at = now() AT TIME ZONE 'UTC' WHERE chat_id = $1 AND user_id = $2",
      [chatId, userId],
    )
    this.io.to(`chat_${chatId}`).emit('messages_read', { chatId, userId })
  }
}
