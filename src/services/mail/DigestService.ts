import type { NotificationPreferences } from '@/contracts/preferences'
import type { PresenceReader } from '../presence/ports'
import { type DigestDecision, decideDigest, digestSpans } from './decideDigest'
import { digestLetter } from './digestLetter'
import type { DigestPerson, DigestRepository, Unread } from './digestPorts'
import { type Mailer, MailNotSent } from './ports'

/** People who are looked at at a time. */
const AT_ONCE = 3

export interface DigestServiceDeps {
  digests: DigestRepository
  preferencesOf: (userId: string) => Promise<NotificationPreferences>
  presence: PresenceReader
  mailer: Mailer
  /** Of the pages. */
  publicUrl: string
  /** The same for the same text, and as good as none else's. */
  digestOf: (text: string) => string
  now?: () => Date
}

/**
 * Mails people what they have not read. Nobody who sends or reads does anything for it: one job looks, once a minute, at
 * those whose time has come. Each is claimed before they are looked at: should two jobs run at once nobody is mailed twice,
 * and whoever cannot be looked at, or mailed, keeps nobody else waiting.
 */
export class DigestService {
  constructor(private readonly deps: DigestServiceDeps) {}

  /** @throws the first failure, once everybody else was looked at; where the mail server is away, at once. */
  async sendDue(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = []
    let isServerAway = false
    const work = async () => {
      while (!signal.aborted && !isServerAway) {
        const person = await this.deps.digests.claim()
        if (!person) return
        await this.lookAt(person).catch((error: unknown) => {
          const isOfMail = error instanceof MailNotSent
          if (isOfMail && error.isServerAway) isServerAway = true
          // The mailer has said why one mail was not taken.
          if (!isOfMail || error.isServerAway) failures.push(error)
        })
      }
    }
    for (const end of await Promise.allSettled(Array.from({ length: AT_ONCE }, work))) {
      if (end.status === 'rejected') failures.push(end.reason)
    }
    if (failures.length > 0) throw failures[0]
  }

  private async lookAt(person: DigestPerson): Promise<void> {
    const { digests, preferencesOf, presence, now = () => new Date() } = this.deps
    const preferences = await preferencesOf(person.id)
    const { digest = 'off' } = preferences
    if (digest === 'off') return digests.note(person, { lookAt: null })
    if (person.isClosed) return digests.note(person, { lookAt: new Date(now().getTime() + digestSpans.day) })
    // Read now, and not when it was written: what was read meanwhile is not told.
    const unread = await digests.unread(person)
    const here = (await presence.of([person])).get(person.id)
    const isHere = here?.isOnline === true && here.away !== true
    const decision = decideDigest(digest, preferences, person, unread, { now: now(), isHere })
    const { lookAt } = decision
    if (decision.do === 'wait') return digests.note(person, { lookAt })
    if (decision.do === 'send') await this.send(person, digest, decision)
    return digests.note(person, { lookAt, isSent: decision.do === 'send', told: toldOf(unread) })
  }

  /** What the server refuses for good counts as sent. @throws MailNotSent. */
  private async send(
    { id, email, name, sentAt, token }: DigestPerson,
    digest: keyof typeof digestSpans,
    { content }: Extract<DigestDecision, { do: 'send' }>,
  ): Promise<void> {
    const { mailer, publicUrl, digestOf } = this.deps
    await mailer.send({
      ...digestLetter(name, digest, content, {
        publicUrl,
        unsubscribeUrl: `${publicUrl}/unsubscribe#token=${token}`,
      }),
      to: email,
      // The one after that: should it be sent twice, since nobody could note the first, both have the same.
      id: digestOf(`${id} ${sentAt?.toISOString()}`),
      unsubscribeUrl: `${publicUrl}/api/mail/unsubscribe?token=${token}`,
    })
  }
}

const toldOf = ({ rooms, notifications }: Unread) => ({ rooms, notificationsUntil: notifications[0]?.createdAt })
