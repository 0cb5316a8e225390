import { z } from 'zod'
import type { MailConfig } from '@/lib/env/config'
import { isLoopback } from '@/lib/env/hosts'
import { type Mailer, MailNotSent, type Posting } from '@/services/mail/ports'
import type { Logger } from '@/services/shared/Logger'

/** Connections to the server, each for one mail at a time: three digests, and what somebody waits for. */
const CONNECTIONS = 4
/** In milliseconds. A server that is there says so at once … */
const CONNECT_MS = 10_000
/**
 * … but may look at a mail for ten minutes before it takes it (RFC 5321 4.5.3.2.6): whoever does not wait for that sends it
 * again though it arrived. Less than a digest is claimed for.
 */
const MOST_MS = 12 * 60_000

/** What is told of a failure by nodemailer's errors: words of its own, and the server's number. */
const Failure = z.object({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
})

export interface SmtpMailerDeps {
  config: MailConfig
  /** Nothing is sent unencrypted, but to this machine itself, and unless the address says otherwise. */
  isStrict: boolean
  /** Told of each attempt. */
  onAttempt: (outcome: 'sent' | 'failed' | 'refused') => void
  logger: Pick<Logger, 'warn'>
}

/** Sends by SMTP; connections open with the first mail and close when none is sent for a while. */
export class SmtpMailer implements Mailer {
  private transport: Promise<Transport> | undefined
  private isClosed = false

  constructor(private readonly deps: SmtpMailerDeps) {}

  async send({ id, to, unsubscribeUrl, ...letter }: Posting): Promise<'sent' | 'refused'> {
    const { config, isStrict, onAttempt, logger } = this.deps
    try {
      this.transport ??= open(config.smtpUrl, isStrict).catch((error: unknown) => {
        this.transport = undefined // the next mail tries again
        throw error
      })
      const transport = await this.transport
      await transport.sendMail({
        ...letter,
        from: config.from,
        // As an object it is one address, whatever stands in it.
        to: { name: '', address: to },
        messageId: `<${id}@${domainOf(config.from)}>`,
        // Nobody is to answer by machine.
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(unsubscribeUrl !== undefined && {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
        // Nothing of a mail is a file's name or an address to fetch.
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(MOST_MS),
      })
      onAttempt('sent')
      return 'sent'
    } catch (error) {
      const failure = Failure.safeParse(error).data ?? {}
      const { code, responseCode = 0, command } = failure
      // Also 5xx may pass otherwise: that a quota is used up, or the sender is not known yet, concerns nobody's address.
      const isRefused = command === 'RCPT TO' && responseCode >= 500
      onAttempt(isRefused ? 'refused' : 'failed')
      logger.warn(isRefused ? 'a mail was refused for good' : 'a mail could not be sent', failure)
      if (isRefused) return 'refused'
      const isOfThisMail = responseCode > 0 && (code === 'EENVELOPE' || code === 'EMESSAGE')
      const isServerAway = !isOfThisMail && (code === 'EAUTH' || !(await this.isThere()))
      throw new MailNotSent(isServerAway, [code, command, responseCode || ''].filter(Boolean).join(' '))
    }
  }

  /** A mail that is under way then fails: nobody who stops waits for it. */
  async close(): Promise<void> {
    this.isClosed = true
    const transport = await this.transport?.catch(() => undefined)
    transport?.close({ force: true })
  }

  /**
   * Whether anybody's mail would be looked at: a connection that broke may be the answer to that one mail, which the error
   * does not say.
   */
  private async isThere(): Promise<boolean> {
    if (this.isClosed) return false
    const transport = await this.transport?.catch(() => undefined)
    return (await transport?.verify().catch(() => false)) ?? false
  }
}

type Transport = Awaited<ReturnType<typeof open>>

/** The package is loaded with the first mail. */
async function open(url: string, isStrict: boolean) {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    url,
    requireTLS: isStrict && !isHere(new URL(url).hostname),
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: MOST_MS,
    // The job is tried again.
    maxRequeues: 0,
  })
}

const isHere = (host: string): boolean => host === 'localhost' || isLoopback(host.replaceAll(/[[\]]/g, ''))

const domainOf = (from: string): string => /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
