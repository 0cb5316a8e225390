import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { io } from 'socket.io-client'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import type { ChatClient } from '../../support/servers/testUser'
import { insertDirectRoom, insertPeople } from '../../support/workload/people'

interface Talker {
  client: ChatClient
  roomId: string
}

/** People in rooms of two who send as fast as they are answered, each one message at a time. */
export class Chatter {
  private constructor(private readonly talkers: readonly Talker[]) {}

  static async connect(options: {
    url: string
    databaseUrl: string
    sessionTokenSecret: string
    clients: number
  }): Promise<Chatter> {
    const db = new pg.Pool({ connectionString: options.databaseUrl, max: 2 })
    const tokens = createSessionTokens(onlyKey(options.sessionTokenSecret))
    try {
      const people = await insertPeople(
        db,
        Array.from({ length: options.clients }, (_, i) => `Talker ${i}`),
      )
      const { rows } = await db.query<{ user_id: string; public_id: string }>('SELECT user_id, public_id FROM sessions')
      const sessionOf = new Map(rows.map((row) => [row.user_id, row.public_id]))
      const talkers: Talker[] = []
      for (let i = 0; i < people.length; i += 2) {
        const [one, other] = people.slice(i, i + 2)
        if (!one || !other) break
        const roomId = await insertDirectRoom(db, one, other)
        for (const { id } of [one, other]) {
          const { token } = tokens.issue({ userId: id, sessionId: sessionOf.get(id) ?? '' }, '/chat')
          talkers.push({ client: await connected(options.url, token), roomId })
        }
      }
      return new Chatter(talkers)
    } finally {
      await db.end()
    }
  }

  /** Sends so many messages in all; resolves when every one is acknowledged. */
  async send(messages: number): Promise<void> {
    let left = messages
    await Promise.all(
      this.talkers.map(async ({ client, roomId }) => {
        while (left > 0) {
          left -= 1
          const reply = await client.emitWithAck('sendMessage', {
            roomId,
            message: 'A message of a usual length, as people write them.',
            clientId: randomUUID(),
          })
          if (!reply.ok) throw new Error(`A message was refused: ${reply.error.code}`)
        }
      }),
    )
  }

  leave(): void {
    for (const { client } of this.talkers) client.disconnect()
  }
}

async function connected(url: string, token: string): Promise<ChatClient> {
  const client: ChatClient = io(`${url}/chat`, { auth: { token }, transports: ['websocket'], forceNew: true })
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve)
    client.once('connect_error', reject)
  })
  return client
}
