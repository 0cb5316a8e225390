import { allCommands } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { splitAddress } from '@/contracts/httpRequest'
import { health, metrics } from '@/server/web/plainRoutes'
import { route } from '@/server/web/routes'

type Handle = (request: Request, params: Found['params']) => Promise<Response> | Response

interface Address {
  method: string
  /** `['api', 'chat', 'rooms', ':roomId']` */
  segments: readonly string[]
  handle: Handle
  /** What it is for; undefined: no command. */
  command?: Command
}

export interface Found extends Pick<Address, 'handle' | 'command'> {
  /** What the path names; undefined where it names nothing. */
  params: Record<string, string> | undefined
}

const address = (method: string, path: string, handle: Handle): Address => ({
  method,
  segments: path.split('/').slice(1),
  handle,
})

/** The names of emojis: read once, when somebody first asks. */
const emojis = (load: () => Promise<{ default: unknown }>): Handle => {
  let text: Promise<string> | undefined
  return async () => {
    text ??= load().then((module) => JSON.stringify(module.default))
    const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=86400' }
    return new Response(await text, { headers })
  }
}

const isNamed = (segment: string): boolean => segment.startsWith(':')

/** As Next does, what names a segment comes after what says it. */
const addresses: readonly Address[] = [
  address('GET', '/api/health', health),
  address('GET', '/api/metrics', metrics),
  address(
    'GET',
    '/emoji/en/data.json',
    emojis(() => import('emojibase-data/en/data.json')),
  ),
  address(
    'GET',
    '/emoji/en/messages.json',
    emojis(() => import('emojibase-data/en/messages.json')),
  ),
  ...allCommands.flatMap((command) => {
    if (typeof command.http !== 'string') return []
    const { method, path } = splitAddress(command.http)
    // The others are the socket server's.
    if (!path.startsWith('/api/')) return []
    const answer = route(command)
    const handle: Handle = (request, params) => answer(request, { params: Promise.resolve(params) })
    return [{ ...address(method, path, handle), command }]
  }),
].sort((one, other) => one.segments.filter(isNamed).length - other.segments.filter(isNamed).length)

function valuesOf(segments: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== asked.length) return undefined
  const values: Record<string, string> = {}
  for (const [at, segment] of segments.entries()) {
    const given = asked[at] ?? ''
    if (isNamed(segment)) values[segment.slice(1)] = given
    else if (segment !== given) return undefined
  }
  return values
}

/** Null: the path is no text. */
function decoded(path: string): string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return null
  }
}

/** What answers at this path, from `/api` on; a number: nothing does, and the status that says why. */
export function find(method: string, path: string): Found | 404 | 405 {
  const asked = decoded(path)
  if (asked === null) return 404
  let isElse = false
  for (const { segments, method: its, ...found } of addresses) {
    const values = valuesOf(segments, asked)
    if (values && its === method) return { ...found, params: segments.some(isNamed) ? values : undefined }
    isElse ||= values !== undefined
  }
  return isElse ? 405 : 404
}
