import { commonEvents, pageContracts } from './events'
import { adminCommands, adminEvents } from './metrics'

export const adminContract = { commands: adminCommands, events: { ...adminEvents, ...commonEvents } } as const

/** What each namespace speaks, for whatever walks the contract: tests, generated documents, metrics labels. */
export const namespaceContracts = { ...pageContracts, '/admin': adminContract } as const
