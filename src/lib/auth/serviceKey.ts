import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@/contracts/errors'

/** Other services' way in: `Authorization: Bearer $SERVICE_KEY`. @throws AppError UNAUTHENTICATED */
export function requireServiceKey(authorization: string | null | undefined, serviceKey: string): void {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
  // Equal lengths, and a comparison whose time tells nothing.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(given), digest(serviceKey))) {
    throw new AppError('UNAUTHENTICATED', { message: 'Send the service key: Authorization: Bearer <SERVICE_KEY>.' })
  }
}
