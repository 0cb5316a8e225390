import { Secret, TOTP } from 'otpauth'
import type { OneTimeCodes } from '@/services/users/ports'

/** What every authenticator app understands. */
const FORM = { issuer: 'Tandem', algorithm: 'SHA1', digits: 6, period: 30 } as const

/** RFC 6238 by otpauth. */
export const authenticatorCodes: OneTimeCodes = {
  newSecret: () => new Secret({ size: 20 }).base32,

  uri: (secret, account) => new TOTP({ ...FORM, label: account, secret: Secret.fromBase32(secret) }).toString(),

  stepOf(secret, code) {
    const totp = new TOTP({ ...FORM, secret: Secret.fromBase32(secret) })
    // A clock may be half a minute off.
    const timestamp = Date.now()
    const delta = totp.validate({ token: code, window: 1, timestamp })
    return delta === null ? null : totp.counter({ timestamp }) + delta
  },
}
