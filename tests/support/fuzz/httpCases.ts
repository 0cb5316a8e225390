import { allCommands, plainAddresses } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { oneOf, type Random } from '../workload/random'
import { garble, mutate, nasties } from './mutate'
import { sampleOf } from './sample'

export interface HttpCase {
  /** False: the socket server's. */
  isWeb: boolean
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string>
  body: string | Uint8Array | undefined
}

/** Of the socket servers' figures the web process knows nothing itself: 503 is its answer where it reaches none. */
const declared = allCommands.filter(({ http, name }) => typeof http === 'string' && name !== 'systemMetrics')

/** Ends the session that the other cases need, or other people's connections. */
const isLeftAlone = ({ name }: Command): boolean => ['logout', 'admin:disconnect', 'changePassword'].includes(name)

/** A request to a declared address, with something wrong in it. `id` exists; so does nothing else. */
export function httpCase(random: Random, id: string, credentials: readonly Record<string, string>[]): HttpCase {
  const chosen = random() < 0.02 ? oneOf(random, plainAddresses) : oneOf(random, declared)
  if (typeof chosen === 'string') return plainCase(random, chosen)
  const { method, path } = splitAddress(chosen.http as `GET /${string}`) // those that have one
  const isWeb = path.startsWith('/api/')
  const fields = mutate(random, sampleOf(chosen.httpForm?.shape ?? chosen.input, id))
  const place = path.replaceAll(/:\w+/g, () => encode(random() < 0.5 ? id : oneOf(random, nasties)))
  const headers = { ...(isLeftAlone(chosen) ? {} : oneOf(random, credentials)), ...oddHeaders(random) }
  if (!hasBody(method)) return { isWeb, method, path: place + queryOf(random, fields), headers, body: undefined }
  const json = JSON.stringify(fields) ?? ''
  const text = random() < 0.2 ? garble(random, json) : json
  const bytes = Buffer.from(text)
  // Not UTF-8 any more.
  if (random() < 0.05 && bytes.length > 2) bytes[Math.floor(random() * bytes.length)] = 0xff
  const type =
    random() < 0.93
      ? 'application/json'
      : oneOf(random, ['text/plain', 'application/json; charset=utf-16', 'x', 'multipart/form-data'])
  const query = random() < 0.1 ? queryOf(random, fields) : ''
  return { isWeb, method, path: place + query, headers: { 'content-type': type, ...headers }, body: bytes }
}

const plainCase = (random: Random, address: string): HttpCase => {
  const { method, path } = splitAddress(address as `GET /${string}`) // written as such
  return {
    isWeb: true,
    method,
    path: path + queryOf(random, { x: oneOf(random, nasties) }),
    headers: oddHeaders(random),
    body: undefined,
  }
}

function oddHeaders(random: Random): Record<string, string> {
  if (random() < 0.8) return {}
  const value = oneOf(random, [
    '',
    'x',
    'null',
    '\u00ff\u00fe',
    'a'.repeat(3_000),
    '-1',
    '%00',
    'http://evil.example',
    '1,2,3',
    '*/*;q=2',
  ])
  const name = oneOf(random, [
    'origin',
    'x-correlation-id',
    'x-forwarded-for',
    'idempotency-key',
    'accept',
    'cookie',
    'authorization',
    'range',
  ])
  return { [name]: value }
}

/** Most values of a query are texts; some addresses hold what no address should. */
function queryOf(random: Random, fields: unknown): string {
  if (typeof fields !== 'object' || fields === null) return random() < 0.5 ? '' : '?%zz&=&&a=b=c&%00=%ff'
  const parts = Object.entries(fields).map(([key, value]) => `${encode(key)}=${encode(value)}`)
  return `?${parts.join('&').slice(0, 6_000)}`
}

/** A lone surrogate has no form in an address. */
function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  return encodeURIComponent(text.toWellFormed()).slice(0, 2_000).replace(/%.?$/, '') || 'x'
}
