import type { Announcing } from '@/lib/db/Announcing'
import type { Publish } from '@/services/shared/changes'

/**
 * The bus of a process without sockets: what its transactions announce is all there is to say.
 * @param process - unique among all processes.
 */
export const announceOnly = (process: string): Announcing & { publish: Publish } => ({
  transaction: (work) => work(`${process}#`),
  carriedTransaction: (work) => work(`${process}#`, `${process}#`),
  publish: () => {},
})
