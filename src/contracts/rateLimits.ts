/**
 * What is limited, and how much of it is allowed when nothing else is configured: `points/seconds`, for each person (for
 * each address where nobody is signed in). Every command names its module; each module has a variable `RATE_LIMIT_…`.
 */
export const rateLimitDefaults = {
  'chat-messages': '30/60',
  // Edits and deletions of messages.
  'chat-edits': '60/60',
  'chat-rooms': '20/60',
  // To leave, mute or pin a room, take somebody out, or block them.
  'chat-preferences': '60/60',
  'chat-read': '120/60',
  'chat-sync': '120/60',
  'chat-history': '120/60',
  // Each open tab sends five a minute.
  'chat-ping': '120/60',
  // A page says it once in three seconds at most, and that it ended.
  'chat-typing': '60/60',
  // Connections of one session; of an address only handshakes that are refused count.
  handshake: '60/60',
  // 20 tabs with two namespaces each, which come back twice, ask for 120.
  'session-token': '240/60',
  search: '60/60',
  presence: '60/60',
  notifications: '240/60',
  account: '60/60',
  // Operations; each command in one counts against its own limit besides.
  graphql: '240/60',
  admin: '240/60',
  auth: '10/60',
  // All commands of one service's key together.
  service: '6000/60',
} as const

export type RateLimitModule = keyof typeof rateLimitDefaults
/** The names of `rateLimitDefaults`. */
export const rateLimitModules = Object.keys(rateLimitDefaults) as RateLimitModule[] // Object.keys forgets the literal names
