import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@/contracts/errors'

/** Whether this header is `Bearer $SERVICE_KEY`. */
export function isServiceKey(authorization: string | null | undefined, serviceKey: string): boolean {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
  // Equal lengths, and a comparison whose time tells nothing.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(serviceKey))
}

/** Other services' way in: `Authorization: Bearer $SERVICE_KEY`. @throws AppError UNAUTHENTICATED */
export function requireServiceKey(authorization: string | null | undefined, serviceKey: string): void {
  if (isServiceKey(authorization, serviceKey)) return
  throw new AppError('UNAUTHENTICATED', { message: 'Send the service key: Authorization: Bearer <SERVICE_KEY>.' })
}
