import { AppError } from '@/contracts/errors'
import { type Access, isForServices } from '@/contracts/permissions'
import { type AllowLists, isListed } from '@/lib/http/allowLists'

/** Whoever reads the refusal knows what their operator can do, and not which addresses would do. */
const variables = {
  admin: 'ADMIN_ALLOWED_IPS',
  service: 'SERVICE_ALLOWED_IPS',
  metrics: 'METRICS_ALLOWED_IPS',
} satisfies Record<keyof AllowLists, string>

/** @throws AppError FORBIDDEN when what asks for this access may not be used from this address. */
export function requireAllowedAddress(lists: AllowLists | undefined, access: Access, address: string | null): void {
  if (!lists) return
  if (access.startsWith('admin:')) requireListed(lists, 'admin', address)
  else if (isForServices(access)) requireListed(lists, 'service', address)
}

/** The same for one of the lists. */
export function requireListed(lists: AllowLists, list: keyof AllowLists, address: string | null): void {
  if (isListed(lists[list], address)) return
  throw new AppError('FORBIDDEN', {
    message: `This may not be used from ${address ?? 'an unknown address'}. The operator can add it to ${variables[list]}.`,
  })
}
