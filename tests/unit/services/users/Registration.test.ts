import { expect, test } from 'vitest'
import { Registration, type RegistrationDeps } from '@/services/users/Registration'

test('nobody takes the address of somebody who signs in elsewhere', async () => {
  // Nothing else of it is asked for.
  const deps = { mode: 'open' } as RegistrationDeps
  const registration = new Registration(deps)
  await expect(registration.requireOpen(undefined, 'ada@example.com')).resolves.toBeUndefined()
  await expect(registration.requireOpen(undefined, 'abc@identity.invalid')).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
