import { isDeepStrictEqual } from 'node:util'
import type { Manager } from 'socket.io-client'
import { namespaceContracts } from '@/contracts/all'
import type { EventTable } from '@/contracts/command'
import { perNamespace } from '@/contracts/namespaces'
import { noteFault } from '../traffic/faults'
import { documented } from '../traffic/hold'

const eventTables = perNamespace((namespace): EventTable => namespaceContracts[namespace].events)

/** Socket.IO's packet types of events and acknowledgements, without and with binary data. */
const EVENT_TYPES = [2, 5]
const ACK_TYPES = [3, 6]

/**
 * Each event that comes over this connection is held against the contract and its document, and each acknowledged command
 * against the document; a fault fails the test, or the file.
 */
export function holdToContract<M extends Manager>(manager: M): M {
  const asked = new Map<string, { name: string; input: unknown }>()
  const send = manager._packet.bind(manager)
  manager._packet = (packet) => {
    const { nsp, id, data } = packet
    if (id !== undefined && Array.isArray(data)) asked.set(`${nsp} ${id}`, { name: String(data[0]), input: data[1] })
    send(packet)
  }
  manager.on('packet', ({ nsp, type, data, id }) => {
    if (!Array.isArray(data)) return
    if (EVENT_TYPES.includes(type)) noteFault(faultOf(nsp, data))
    const command = ACK_TYPES.includes(type) ? asked.get(`${nsp} ${id}`) : undefined
    // `emitWithAck` puts an error, or its absence, before the reply.
    if (command) noteFault(documented().sockets.faultOfReply(nsp, command.name, command.input, data.at(-1)))
    asked.delete(`${nsp} ${id}`)
  })
  return manager
}

/** Why an event `[name, payload]` is not what the namespace's contract says; undefined when it is. */
export function faultOf(namespace: string, [name, ...payloads]: readonly unknown[]): string | undefined {
  const table = Object.entries(eventTables).find(([known]) => known === namespace)?.[1]
  const declared = Object.entries(table ?? {}).find(([known]) => known === name)?.[1]
  if (!declared) return `${namespace} ${name}: it is in no contract.`
  if (payloads.length !== 1) return `${namespace} ${name}: it has ${payloads.length} payloads.`
  const parsed = declared.payload.safeParse(payloads[0])
  if (!parsed.success) return `${namespace} ${name}: ${parsed.error.message}`
  if (!isDeepStrictEqual(parsed.data, payloads[0])) {
    return `${namespace} ${name}: it has fields that the contract does not name: ${JSON.stringify(payloads[0])}`
  }
  return documented().sockets.faultOfEvent(namespace, String(name), payloads[0])
}
