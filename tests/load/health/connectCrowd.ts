import pg from 'pg'
import { io, type Socket } from 'socket.io-client'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { guard } from '../../support/guardedProcess'

/** What CROWD_OPTIONS holds as JSON: who connects to /chat, by their place among all sessions, and where. */
export interface CrowdOptions {
  url: string
  databaseUrl: string
  sessionTokenSecret: string
  first: number
  count: number
}

/** Handshakes under way: few enough that the server sends nobody away for a while. */
const AT_ONCE = 50

/** One connection, which sends its `ping` with the transport's own, as pages do. */
async function connect(url: string, token: string): Promise<Socket> {
  const socket = io(`${url}/chat`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })
  socket.io.on('ping', () => socket.emit('ping', { away: false }, () => {}))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

async function sessionsOf({ databaseUrl, first, count }: CrowdOptions) {
  const db = new pg.Client({ connectionString: databaseUrl })
  await db.connect()
  const { rows } = await db.query<{ userId: string; sessionId: string }>(
    'SELECT user_id AS "userId", public_id AS "sessionId" FROM sessions ORDER BY id OFFSET $1 LIMIT $2',
    [first, count],
  )
  await db.end()
  return rows
}

// A script of its own, so that thousands of clients take no time of those who measure.
await guard<{ connected: number }>(async () => {
  const options = JSON.parse(process.env.CROWD_OPTIONS ?? '{}') as CrowdOptions // written by healthPage.ts
  const tokens = createSessionTokens(onlyKey(options.sessionTokenSecret))
  const sockets: Socket[] = []
  const queue = await sessionsOf(options)
  const connectSome = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      sockets.push(await connect(options.url, tokens.issue(next, '/chat').token))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, connectSome))
  return {
    ready: { connected: sockets.length },
    stop: async () => {
      for (const socket of sockets) socket.disconnect()
    },
  }
})
