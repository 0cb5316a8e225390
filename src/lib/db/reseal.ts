import type { SecretBox } from '@/services/users/ports'
import type { Database } from './database'

interface Box extends SecretBox {
  /** Whether it was sealed by another key than the newest. */
  isOld(sealed: string): boolean
}

/** Sealed with the newest key; undefined: it is already, or no key opens it. */
const anew = (box: Box, sealed: string | null): string | undefined => {
  const opened = sealed !== null && box.isOld(sealed) ? box.open(sealed) : undefined
  return opened === undefined ? undefined : box.seal(opened)
}

/** Seals with the newest key what an older one had sealed, so that the older can go. What no key opens stays as it is. */
export async function resealSecondFactors(db: Database, box: Box): Promise<void> {
  for (const { userId, secret } of await db.prisma.secondFactor.findMany({ select: { userId: true, secret: true } })) {
    const resealed = anew(box, secret)
    // Not if it was set up anew meanwhile.
    if (resealed !== undefined) {
      await db.prisma.secondFactor.updateMany({ where: { userId, secret }, data: { secret: resealed } })
    }
  }
}

/** As `resealSecondFactors`, of what webhooks are signed with. */
export async function resealWebhooks(db: Database, box: Box): Promise<void> {
  for (const { id, secret, oldSecret } of await db.prisma.webhookEndpoint.findMany()) {
    const [now, before] = [anew(box, secret), anew(box, oldSecret)]
    if (now === undefined && before === undefined) continue
    // Not if it was given another one meanwhile.
    await db.prisma.webhookEndpoint.updateMany({
      where: { id, secret },
      data: { secret: now ?? secret, oldSecret: before ?? oldSecret },
    })
  }
}
