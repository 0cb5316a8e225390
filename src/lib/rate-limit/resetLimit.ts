import type { CreateCounter } from './counters'
import { digest } from './signInLimit'

/** Five mails to one address in half an hour, as long as a link is good. */
const RATE = { points: 5, seconds: 30 * 60 }

/** Whether one more mail may go to this address, whoever asks for it: nobody's mailbox is filled by others. */
export type ResetLimit = (email: string) => Promise<boolean>

/** It is no choice of whoever runs this: the mailbox may be anybody's. */
export function createResetLimit(createCounter: CreateCounter): ResetLimit {
  const mails = createCounter('auth-reset', RATE)
  return async (email) => (await mails.count(digest(email))).allowed
}
