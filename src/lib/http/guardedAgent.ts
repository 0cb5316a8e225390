import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Agent, buildConnector } from 'undici'
import { hostOf, isPublicAddress, privateRefusal } from './outgoingAddress'

/** Connections to one server. */
const CONNECTIONS = 8
const CONNECT_MS = 5_000
/** Headers of an answer. */
const HEADER_BYTES = 16_384
const IDLE_MS = 10_000

export type ResolveName = (
  name: string,
  options: Parameters<LookupFunction>[1],
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const askSystem: ResolveName = (name, options, callback) => lookup(name, { ...options, all: true }, callback)

/**
 * Sends requests to addresses that others gave. It connects to addresses of the internet alone: what a name resolves to is
 * looked at, and that very address is connected to, so that a name cannot mean another one a moment later.
 * @param undici - loaded by whoever needs it: most processes send nothing.
 * @param resolveName - whom names are asked of: the operating system.
 */
export const createGuardedAgent = (
  undici: typeof import('undici'),
  allowPrivate: boolean,
  resolveName: ResolveName = askSystem,
): Agent =>
  new undici.Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    maxHeaderSize: HEADER_BYTES,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: guardedConnector(undici, allowPrivate, resolveName),
  })

function guardedConnector(
  undici: typeof import('undici'),
  allowPrivate: boolean,
  resolveName: ResolveName,
): buildConnector.connector {
  if (allowPrivate) return undici.buildConnector({ timeout: CONNECT_MS })
  const connect = undici.buildConnector({ timeout: CONNECT_MS, lookup: lookupPublic(onceAtATime(resolveName)) })
  return (options, callback) => {
    const host = hostOf(options.hostname)
    // An address is not looked up.
    if (isIP(host) > 0 && !isPublicAddress(host)) callback(new Error(privateRefusal(host)), null)
    else connect(options, callback)
  }
}

/** Whoever asks for a name that is being asked for has that answer: each question holds one of the process's few threads. */
export const onceAtATime = (resolveName: ResolveName): ResolveName => {
  const asking = new Map<string, Parameters<ResolveName>[2][]>()
  return (name, options, callback) => {
    const others = asking.get(name)
    if (others) {
      others.push(callback)
      return
    }
    const callbacks = [callback]
    asking.set(name, callbacks)
    resolveName(name, options, (error, addresses) => {
      asking.delete(name)
      for (const answer of callbacks) answer(error, addresses)
    })
  }
}

/** Addresses of the internet; a name that has others as well is refused whole. */
const lookupPublic =
  (resolveName: ResolveName): LookupFunction =>
  (hostname, options, callback) => {
    resolveName(hostname, options, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) callback(error, [])
      else if (!addresses.every(({ address }) => isPublicAddress(address)))
        callback(new Error(privateRefusal(hostname)), [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
