import type { RedisClient } from '@/lib/redis/connectRedis'
import type { ActiveUser, DepartedUser } from '@/services/presence/ports'

/** How long it is remembered that somebody left, in milliseconds: longer than `lastSeen` is believed. */
const DEPARTURE_MS = 60_000

/**
 * Redis's own clock decides what is over: those of the processes differ. A lease is a field of its user's hash, `until:away`,
 * and the sorted set of everybody online has each user's last `until`. When
 * the last one is given up, that is noted for a minute. All keys share one slot of a cluster.
 */
const PREAMBLE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function live(key)
  local fields = redis.call('HGETALL', key)
  local found, latest = {}, 0
  for i = 1, #fields, 2 do
    local till, away = string.match(fields[i + 1], '^(%d+):(%d)$')
    till = tonumber(till)
    if till and till > now then
      found[#found + 1] = fields[i]
      found[#found + 1] = away
      if till > latest then latest = till end
    else
      redis.call('HDEL', key, fields[i])
    end
  end
  return found, latest
end
local function settle(key, online, user)
  local found, latest = live(key)
  if latest == 0 then
    redis.call('ZREM', online, user)
  else
    redis.call('PEXPIREAT', key, latest)
    redis.call('ZADD', online, latest, user)
  end
  return found
end
`

/** KEYS: the user's hash, the set online, the user's departure. ARGV: user, milliseconds, then connection and away for each. */
const PUT = `${PREAMBLE}
redis.call('DEL', KEYS[3])
local till = string.format('%d', now + tonumber(ARGV[2]))
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], till .. ':' .. ARGV[i + 1]) end
settle(KEYS[1], KEYS[2], ARGV[1])
`

/** KEYS likewise. ARGV: user, connection, milliseconds the last one is kept. Answers whether the user has another lease. */
const DROP = `${PREAMBLE}
local had = redis.call('HDEL', KEYS[1], ARGV[2])
if #live(KEYS[1]) > 0 then
  settle(KEYS[1], KEYS[2], ARGV[1])
  return 1
end
local keep = tonumber(ARGV[3])
if had == 1 and keep > 0 then
  redis.call('HSET', KEYS[1], ARGV[2], string.format('%d', now + keep) .. ':0')
  redis.call('SET', KEYS[3], string.format('%d', now), 'PX', ${DEPARTURE_MS})
end
settle(KEYS[1], KEYS[2], ARGV[1])
return 0
`

/** KEYS: users' hashes, then their departures. Answers, for each, connection and away in turn; or when they left. */
const READ = `${PREAMBLE}
local answer = {}
local users = #KEYS / 2
for i = 1, users do
  answer[i] = live(KEYS[i])
  local left = #answer[i] == 0 and redis.call('GET', KEYS[users + i])
  if left then answer[i] = { left } end
end
return answer
`

/** KEYS: the set online. */
const ONLINE = `${PREAMBLE}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%d', now), '+inf')
`

/** KEYS: the set online. ARGV: how many at most. Takes those out whose leases all ended: whoever asks first gets them. */
const EXPIRE = `${PREAMBLE}
local over = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%d', now), 'LIMIT', 0, ARGV[1])
if #over > 0 then redis.call('ZREM', KEYS[1], unpack(over)) end
return over
`

const ONLINE_KEY = 'tandem:{presence}:online'
const userKey = (userId: string): string => `tandem:{presence}:user:${userId}`
const departureKey = (userId: string): string => `tandem:{presence}:left:${userId}`

/** Most people taken out at once; Lua's stack is bounded. */
const EXPIRE_MOST = 1_000

/** Who is connected to any process, each connection with a time until which that holds unless it is renewed. */
export class PresenceLeases {
  constructor(private readonly redis: RedisClient) {}

  /** Makes or renews leases of one user, for `leaseMs` milliseconds from now. */
  async put(
    userId: string,
    connections: Iterable<readonly [id: string, away: boolean]>,
    leaseMs: number,
  ): Promise<void> {
    const fields = [...connections].flatMap(([id, away]) => [id, away ? '1' : '0'])
    if (fields.length > 0) {
      await this.redis.eval(PUT, 3, userKey(userId), ONLINE_KEY, departureKey(userId), userId, leaseMs, ...fields)
    }
  }

  /** Resolves to whether the user has another connection somewhere. The last one is kept for `keepMs` milliseconds. */
  async drop(userId: string, connectionId: string, keepMs: number): Promise<boolean> {
    const keys = [userKey(userId), ONLINE_KEY, departureKey(userId)]
    return (await this.redis.eval(DROP, keys.length, ...keys, userId, connectionId, keepMs)) === 1
  }

  /** Of these users, those with a lease, and those who gave up their last one lately. */
  async read(userIds: readonly string[]): Promise<Map<string, ActiveUser | DepartedUser>> {
    if (userIds.length === 0) return new Map()
    const keys = [...userIds.map(userKey), ...userIds.map(departureKey)]
    const answer = asLists(await this.redis.eval(READ, keys.length, ...keys))
    return new Map(
      userIds.flatMap((userId, index): [string, ActiveUser | DepartedUser][] => {
        const fields = answer[index] ?? []
        if (fields.length === 1) return [[userId, { leftAt: new Date(Number(fields[0])) }]]
        const connections = fields.filter((_field, i) => i % 2 === 0)
        const away = fields.every((field, i) => i % 2 === 0 || field === '1')
        return connections.length > 0 ? [[userId, { connections, away }]] : []
      }),
    )
  }

  async online(): Promise<string[]> {
    return asStrings(await this.redis.eval(ONLINE, 1, ONLINE_KEY))
  }

  /** Those whose leases have all run out since the last time anybody asked; each is answered to one process only. */
  async expire(): Promise<string[]> {
    return asStrings(await this.redis.eval(EXPIRE, 1, ONLINE_KEY, EXPIRE_MOST))
  }
}

const asStrings = (answer: unknown): string[] => (Array.isArray(answer) ? answer.map(String) : [])
const asLists = (answer: unknown): string[][] => (Array.isArray(answer) ? answer.map(asStrings) : [])
