import type { SendLimitView } from '@/client/outbox/SendLimit'
import { useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: SendLimitView = { blockedUntil: undefined, remaining: undefined }

/** Whether this person may send right now, and whether little is left. */
export const useSendLimit = (): SendLimitView => useStore(useClient()?.sendLimit, STARTING)
