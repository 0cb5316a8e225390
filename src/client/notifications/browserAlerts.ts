import * as z from 'zod/mini'

/** What this browser may do for attention; for what, and when, the server knows. */
export const BrowserAlerts = z.object({
  sound: z.catch(z.boolean(), false),
  desktop: z.catch(z.boolean(), false),
  /** This browser is told also while no page is open. */
  push: z.catch(z.boolean(), false),
})
export type BrowserAlerts = z.infer<typeof BrowserAlerts>

const DEFAULTS: BrowserAlerts = BrowserAlerts.parse({})

const KEY_BEGINS = 'tandem-notification-preferences-'

/** Where a person's are stored. */
export const alertsKey = (userId: string): string => KEY_BEGINS + userId

/** Whoever comes back to this browser switches them on anew. */
export function switchOffPushes(storage: Storage): void {
  for (const key of Object.keys(storage).filter((name) => name.startsWith(KEY_BEGINS)))
    storage.setItem(key, JSON.stringify({ ...parseBrowserAlerts(storage.getItem(key)), push: false }))
}

/** From what was stored; anything that cannot be read is the default. */
export const parseBrowserAlerts = (stored: string | null | undefined): BrowserAlerts => {
  try {
    return z.catch(BrowserAlerts, DEFAULTS).parse(JSON.parse(stored ?? '{}'))
  } catch {
    return DEFAULTS
  }
}
