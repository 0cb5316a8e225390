import * as z from 'zod/mini'
import { Namespace } from './namespaces'

/** `GET :3001/health` (requirements 000): always 200 while the process is alive. `uptime` is in seconds. */
export const Health = z.object({
  status: z.literal('ok'),
  service: z.literal('websocket'),
  uptime: z.number(),
  port: z.int(),
  environment: z.string(),
})
export type Health = z.infer<typeof Health>

/** `GET :3001/health/ready`: 503 unless `status` is `ok` or `degraded`. */
export const Readiness = z.object({
  status: z.enum(['ok', 'degraded', 'starting', 'draining', 'unavailable']),
  reason: z.optional(z.string()),
  /** What this process serves. */
  namespaces: z.array(Namespace),
})
export type Readiness = z.infer<typeof Readiness>
