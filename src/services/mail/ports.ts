import { z } from 'zod'
import type { Actor } from '../audit/ports'

/** What waits to be sent: no more than what writing it takes. What can change is looked up when its turn comes. */
export const Mail = z.discriminatedUnion('kind', [
  /**
   * Whoever has this address, if anybody does, forgot their password. `secret`: of the link, made with the mail, so that the
   * mail that is tried again is the same. `askedAt`: what was asked for later takes its place (mails that an earlier version
   * left in the queue do not say when that was).
   */
  z.object({
    kind: z.literal('reset'),
    email: z.string(),
    secret: z.string(),
    askedAt: z.iso.datetime().default(() => new Date().toISOString()),
  }),
  z.object({ kind: z.literal('password-changed'), userId: z.string() }),
  z.object({ kind: z.literal('invite'), email: z.string(), url: z.string(), by: z.string() }),
])
export type Mail = z.infer<typeof Mail>

/** Mails that wait to be sent. */
export interface MailQueue {
  /** To be sent soon, and again if that fails. */
  add(mail: Mail): Promise<void>
}

/** A mail as somebody reads it. */
export interface Letter {
  subject: string
  text: string
  html: string
}

/** A letter on its way to somebody. */
export interface Posting extends Letter {
  /** One address. */
  to: string
  /** The same whenever the same mail is sent again: whoever gets it twice can tell. Letters, digits, `.` and `-`. */
  id: string
  /** Where one click ends mails of this kind (RFC 8058). */
  unsubscribeUrl?: string | undefined
}

/** Hands mails to a mail server, one at a time. */
export interface Mailer {
  /** `refused`: for good, so that trying again is of no use. @throws MailNotSent. */
  send(posting: Posting): Promise<'sent' | 'refused'>
}

/** It may work later. What the server said is not kept: it often repeats the address. */
export class MailNotSent extends Error {
  constructor(
    /** Nobody's mail gets through at this moment. */
    readonly isServerAway: boolean,
    what: string,
  ) {
    super(`The mail server took no mail (${what}).`)
  }
}

/** Links that give somebody another password. Each person has one at most. */
export interface PasswordResets {
  /**
   * In place of those that end earlier; the same again changes nothing. False: it is over, it was used already, there is (or
   * was used) one that ends later, or nobody is written to there (a disabled account, or one of the demo).
   */
  begin(userId: string, secret: string, expiresAt: Date): Promise<boolean>
  /** Whose link this is; null: nobody's any more. */
  ownerOf(secret: string): Promise<{ email: string; name: string } | null>
  /**
   * All or nothing: the link is used up, the password is another, all sessions and sign-ins that are under way end, and a
   * mail about it waits. False: the link is not good any more.
   */
  finish(secret: string, passwordHash: string, actor: Actor): Promise<boolean>
}
