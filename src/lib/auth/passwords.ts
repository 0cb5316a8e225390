import { hash, verify } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import type { PasswordHasher } from '@/services/users/ports'

/** argon2id (the library's default) with OWASP's second recommendation: 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * What people bring from another app: docs/migration/nextauth-to-lucia.md. Each step of the cost takes twice as long, and 14
 * two seconds of a thread: a greater one would hold it for minutes to days.
 */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./\dA-Za-z]{53}$/

/** bcrypt looks at so many bytes, and at nothing behind U+0000. */
const BCRYPT_BYTES = 72

/** Hashes with argon2id. Hashes of bcrypt are verified too; those of any other kind open nothing. */
export const argon2Passwords: PasswordHasher = {
  hash: (password) => hash(password, OPTIONS),

  verify: async (stored, password) => {
    if (BCRYPT.test(stored)) return verifyBcrypt(password, stored)
    return stored.startsWith('$argon2') && verify(stored, password)
  },

  // A password of which bcrypt saw a part may be mistyped in the rest, and would be that from then on.
  shouldRehash: (stored, password) =>
    BCRYPT.test(stored) && Buffer.byteLength(password) <= BCRYPT_BYTES && !password.includes('\0'),
}
