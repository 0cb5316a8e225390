import type { createWebhookBox } from '@/lib/auth/secretBox'
import type { Database } from '@/lib/db/database'

/** Seals with the newest key what an older one had sealed, so that the older can go. What no key opens stays as it is. */
export async function resealWebhooks(db: Database, box: ReturnType<typeof createWebhookBox>): Promise<void> {
  const anew = (sealed: string | null) => (sealed !== null && box.isOld(sealed) ? box.open(sealed) : undefined)
  for (const { id, secret, oldSecret } of await db.prisma.webhookEndpoint.findMany()) {
    const [now, before] = [anew(secret), anew(oldSecret)]
    if (now === undefined && before === undefined) continue
    // Not if it was given another one meanwhile.
    await db.prisma.webhookEndpoint.updateMany({
      where: { id, secret },
      data: {
        ...(now === undefined ? {} : { secret: box.seal(now) }),
        ...(before === undefined ? {} : { oldSecret: box.seal(before) }),
      },
    })
  }
}
