import { commonEvents } from './events'
import { adminCommands, adminEvents } from './metrics'

/** What `/admin` speaks. In a file of its own, so that pages which do not watch the server need not load it. */
export const adminContract = { commands: adminCommands, events: { ...adminEvents, ...commonEvents } } as const
