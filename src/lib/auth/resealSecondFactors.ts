import type { Database } from '@/lib/db/database'
import type { createSecretBox } from './secretBox'

/**
 * Seals with the newest key what an older one had sealed, so that the older can go. What no key opens stays as it is.
 * Resolves to how many were sealed anew.
 */
export async function resealSecondFactors(db: Database, box: ReturnType<typeof createSecretBox>): Promise<number> {
  const rows = await db.prisma.secondFactor.findMany({ select: { userId: true, secret: true } })
  let resealed = 0
  for (const { userId, secret } of rows) {
    const opened = box.isOld(secret) ? box.open(secret) : undefined
    // New already, or its key is gone: a recovery code opens that account.
    if (opened === undefined) continue
    // Not if it was set up anew meanwhile.
    const { count } = await db.prisma.secondFactor.updateMany({
      where: { userId, secret },
      data: { secret: box.seal(opened) },
    })
    resealed += count
  }
  return resealed
}
