import type { Tap } from './conditions'
import type { ProxyLink } from './ProxyLink'

const asksForWebSocket = (chunk: Buffer): boolean => /^upgrade: *websocket/im.test(chunk.toString('latin1'))

/** A middlebox that knows no WebSocket: the upgrade is answered 400, everything else passes. */
export const refuseUpgrades = (): Tap => (link, from, chunk) => {
  if (from !== 'client' || !asksForWebSocket(chunk)) return 'pass'
  link.say('client', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  link.drop()
  return 'swallow'
}

/** The same, without an answer. */
export const swallowUpgrades = (): Tap => (link, from, chunk) => {
  if (from !== 'client' || !asksForWebSocket(chunk)) return 'pass'
  link.silence()
  return 'swallow'
}

/** PostgreSQL's ReadyForQuery, outside a transaction: what was asked has committed. */
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** Before PostgreSQL: messages are stored, but the answer never arrives; the connection is reset in its place. */
export function resetInPlaceOfCommitAnswer(isDue: () => boolean, onReset: () => void = () => {}): Tap {
  const due = new WeakSet<ProxyLink>()
  return (link, from, chunk) => {
    if (from === 'client') {
      if (chunk.includes('insert_messages') && isDue()) due.add(link)
      return 'pass'
    }
    if (!due.has(link)) return 'pass'
    if (chunk.includes(readyForQuery)) {
      due.delete(link)
      onReset()
      link.reset()
    }
    return 'swallow'
  }
}

/** Before PostgreSQL: connections of the program that calls itself so are reset when they introduce themselves. */
export const refuseApplication =
  (applicationName: string): Tap =>
  (link, from, chunk) => {
    if (from !== 'client' || !chunk.includes(`application_name\0${applicationName}\0`)) return 'pass'
    link.reset()
    return 'swallow'
  }
