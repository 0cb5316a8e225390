import { AppError } from '@/contracts/errors'
import type { PasswordPolicy } from './ports'

/** @param path - the field it came in. @throws AppError BAD_REQUEST with a sentence that says what to do. */
export async function requireStrongPassword(
  policy: PasswordPolicy,
  password: string,
  about: readonly string[],
  path: string,
): Promise<void> {
  const weakness = await policy.weakness(password, about)
  if (weakness === undefined) return
  throw new AppError('BAD_REQUEST', { message: weakness, issues: [{ path, message: weakness }] })
}
