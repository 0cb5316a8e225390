import { isDeepStrictEqual } from 'node:util'
import type { Manager } from 'socket.io-client'
import { namespaceContracts } from '@/contracts/all'
import type { EventTable } from '@/contracts/command'
import type { Namespace } from '@/contracts/namespaces'

/** What a test client heard that is in no contract, or otherwise than there. */
const faults: string[] = []

const eventTables: Record<Namespace, EventTable> = {
  '/chat': namespaceContracts['/chat'].events,
  '/notifications': namespaceContracts['/notifications'].events,
  '/admin': namespaceContracts['/admin'].events,
}

/** Socket.IO's packet types of events, without and with binary data. */
const EVENT_TYPES = [2, 5]

/** Each event that comes over this connection is held against the contract; a fault fails the test, or the file. */
export function holdToContract<M extends Manager>(manager: M): M {
  manager.on('packet', ({ nsp, type, data }) => {
    if (!EVENT_TYPES.includes(type) || !Array.isArray(data)) return
    const fault = faultOf(nsp, data)
    if (fault !== undefined) faults.push(fault)
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
  if (isDeepStrictEqual(parsed.data, payloads[0])) return undefined
  return `${namespace} ${name}: it has fields that the contract does not name: ${JSON.stringify(payloads[0])}`
}

/** What was found since the last call. */
export const takeFaults = (): string[] => faults.splice(0)
