import { createHash, randomBytes } from 'node:crypto'

/** What the database keeps of a secret that is as random as ours are: sha256, in hex. (Passwords need more.) */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** 256 random bits that fit a URL and a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
