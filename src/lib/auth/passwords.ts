import { hash, verify } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import type { PasswordHasher } from '@/services/users/ports'

/** argon2id (the library's default) with OWASP's second recommendation: 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** What people bring from another app: docs/migration/nextauth-to-lucia.md. */
const BCRYPT = /^\$2[aby]\$\d\d\$[./\dA-Za-z]{53}$/

/** Hashes with argon2id. Hashes of bcrypt are verified too, and are old. */
export const argon2Passwords: PasswordHasher = {
  hash: (password) => hash(password, OPTIONS),
  verify: (stored, password) => (BCRYPT.test(stored) ? verifyBcrypt(password, stored) : verify(stored, password)),
  isOld: (stored) => BCRYPT.test(stored),
}
