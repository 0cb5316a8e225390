import { randomBytes, randomUUID } from 'node:crypto'
import { SESSION_COOKIE } from '@/contracts/auth'
import { RawClient } from '../clients/RawClient'
import { noteMessageText, noteSecret } from '../servers/secrets'
import type { TestServers } from '../servers/servers'

/** A page of Tandem, of somebody who was moved. */
export class NewClient {
  private readonly messages: { id: string; roomId: string; seq: number }[] = []

  private constructor(readonly raw: RawClient) {
    raw.onMessage((message) => this.messages.push(message))
  }

  /** Signs them in, without the time that a password takes. */
  static async connect({ db, webUrl }: TestServers, userId: string): Promise<NewClient> {
    const session = randomBytes(20).toString('hex')
    noteSecret("a session's secret", session)
    await db.query(
      `INSERT INTO sessions (id, public_id, user_id, expires_at)
       VALUES (encode(sha256(convert_to($1, 'UTF8')), 'hex'), $2, $3, now() + interval '1 day')`,
      [session, randomUUID(), userId],
    )
    const person = { id: userId, name: userId, cookie: `${SESSION_COOKIE}=${session}` }
    return new NewClient(await RawClient.connect(person, { webUrl }))
  }

  /** Resolves with the id of what was acknowledged. */
  async send(roomId: string, message: string): Promise<string> {
    const input = { roomId, message, clientId: randomUUID() }
    noteMessageText(input)
    return (await this.raw.asked('sendMessage', input)).id
  }

  /**
   * The ids of what it was told in this room, as often as it was, in the order in which a page shows them: by `seq`. What one
   * process says and what it hears of others may overtake each other on the wire.
   */
  heard(roomId: string): string[] {
    const told = this.messages.filter((message) => message.roomId === roomId)
    return told.sort((a, b) => a.seq - b.seq).map(({ id }) => id)
  }
}
