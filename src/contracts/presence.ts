import { z } from 'zod'
import { limits } from './limits'
import { Id, Timestamp } from './primitives'

export const Presence = z.object({ isOnline: z.boolean(), lastSeen: Timestamp, away: z.boolean().optional() })
export type Presence = z.infer<typeof Presence>

export const PresenceMap = z.record(Id, Presence)
export type PresenceMap = z.infer<typeof PresenceMap>

export const PresenceSyncInput = z
  .object({
    ids: z.array(Id).max(limits.presenceIds, `Ask for at most ${limits.presenceIds} people at once.`).optional(),
  })
  .optional()
