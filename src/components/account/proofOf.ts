import type { AccountData } from '@/contracts/account'

/** What this person shows before something is done to their account. */
export const proofOf = ({ hasPassword }: AccountData) => (hasPassword ? 'password' : 'sign-in')
