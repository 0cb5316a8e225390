import { createHash, randomBytes } from 'node:crypto'
import type { RandomSecrets } from '@/services/users/ports'

/** What the database keeps of a secret that is as random as ours are: sha256, in hex. (Passwords need more.) */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** 256 random bits that fit a URL and a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

const inFours = (letters: string): string => letters.replace(/(.{4})(?=.)/g, '$1-')

/** `k3fw-…`: 24 of 32 letters as a person types them, 120 bits (OWASP ASVS 5, 6.5.2 asks for 112). */
const newRecoveryCode = (): string => inFours([...randomBytes(24)].map((byte) => ALPHABET[byte % 32]).join(''))

/** Makes secrets and what the database keeps of them, for services. */
export const randomSecrets: RandomSecrets = {
  create: newSecret,
  hash: hashOfSecret,
  recoveryCode: newRecoveryCode,
  recoveryHash: (code) => hashOfSecret(inFours(code.replaceAll('-', ''))),
}
