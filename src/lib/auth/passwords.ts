import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher } from '@/services/users/ports'

/** argon2id (the library's default) with OWASP's second recommendation: 19 MiB, 2 passes, 1 lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const argon2Passwords: PasswordHasher = {
  hash: (password) => hash(password, OPTIONS),
  verify: (stored, password) => verify(stored, password),
}
