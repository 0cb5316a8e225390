import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@/contracts/errors'
import { type ServiceScope, serviceScopes } from '@/contracts/permissions'
import type { ServiceKey } from '@/lib/env/config'
import { bearerOf } from '@/lib/http/bearerOf'
import type { Service } from '@/lib/pipeline/caller'

/** What SERVICE_KEY, which may do everything, is called in logs. */
const MAIN_KEY_NAME = 'service'

/** The keys of other services: `Authorization: Bearer <key>`. */
export class ServiceKeys {
  private readonly keys: readonly { digest: Buffer; service: Service }[]

  constructor({ serviceKey, serviceKeys }: { serviceKey: string; serviceKeys: readonly ServiceKey[] }) {
    const main = { name: MAIN_KEY_NAME, key: serviceKey, scopes: serviceScopes }
    this.keys = [main, ...serviceKeys].map(({ name, key, scopes }) => ({
      digest: digestOf(key),
      service: { isService: true, name, scopes },
    }))
  }

  /** Whose key this header is; undefined when it is nobody's. */
  find(authorization: string | null | undefined): Service | undefined {
    const given = digestOf(bearerOf(authorization) ?? '')
    // All are compared, each in a time that tells nothing.
    return this.keys.filter(({ digest }) => timingSafeEqual(digest, given))[0]?.service
  }

  /** @throws AppError UNAUTHENTICATED */
  require(authorization: string | null | undefined): Service {
    const service = this.find(authorization)
    if (service) return service
    throw new AppError('UNAUTHENTICATED', { message: 'Send the key of a service: Authorization: Bearer <key>.' })
  }
}

/** @throws AppError FORBIDDEN unless the key has the scope. */
export function requireScope({ name, scopes }: Service, scope: ServiceScope): void {
  if (scopes.includes(scope)) return
  throw new AppError('FORBIDDEN', {
    message: `The key "${name}" lacks the scope "${scope}". Its operator can add that in SERVICE_KEYS.`,
  })
}

/** Of equal lengths, whatever was given. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()
