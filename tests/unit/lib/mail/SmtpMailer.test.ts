import { beforeEach, expect, test, vi } from 'vitest'
import { SmtpMailer } from '@/lib/mail/SmtpMailer'
import { MailNotSent } from '@/services/mail/ports'
import { MailServer } from '../../../support/mail/MailServer'
import { onTeardown } from '../../../support/teardown'

let smtp: MailServer
let mailer: SmtpMailer
const warn = vi.fn()
const onAttempt = vi.fn()

beforeEach(async () => {
  vi.clearAllMocks()
  smtp = await MailServer.start()
  mailer = new SmtpMailer({
    config: { smtpUrl: smtp.url, from: 'tandem@example.com' },
    onAttempt,
    logger: { warn },
    isStrict: false,
  })
  onTeardown(() => mailer.close())
})

const send = () =>
  mailer.send({ id: 'i', to: 'ada@example.com', subject: 'S', text: 'T', html: 'H' }).catch((error: unknown) => error)

test.each([
  ['its address is refused for good', { refuses: () => 550 }, 'refused', 'refused'],
  ['its address is refused for now', { refuses: () => 450 }, new MailNotSent(false, 'EENVELOPE RCPT TO 450'), 'failed'],
  ['the sender is refused', { refusesSenders: 550 }, new MailNotSent(false, 'EENVELOPE MAIL FROM 550'), 'failed'],
  ['its text breaks the connection', { tears: () => true }, new MailNotSent(false, 'ECONNECTION CONN'), 'failed'],
] satisfies [string, Partial<MailServer>, unknown, string][])(
  'one mail is not taken: %s',
  async (_, server, answer, outcome) => {
    Object.assign(smtp, server)
    const answered = await send()
    expect(answered).toEqual(answer)
    if (answered instanceof MailNotSent) expect(answered.isServerAway).toBe(false)
    expect(onAttempt.mock.calls).toEqual([[outcome]])
    expect(warn).toHaveBeenCalledOnce()
    expect(JSON.stringify(warn.mock.calls)).not.toContain('@')
  },
)

test('a server that is gone takes nobody’s', async () => {
  await smtp.close()
  expect(await send()).toMatchObject({ isServerAway: true })
  await smtp.open()
  expect(await send()).toBe('sent')
})

test('closing does not wait for a server that takes its time', async () => {
  smtp.hold()
  const sending = send()
  await vi.waitFor(() => expect(smtp.attempts).toBe(1))
  await mailer.close()
  expect(await sending).toBeInstanceOf(MailNotSent)
})

test.each([
  ['127.0.0.1', '', 'sent'],
  ['0.0.0.0', '', { isServerAway: true }],
  ['0.0.0.0', '?requireTLS=false', 'sent'],
])(
  'a strict process sends nothing in clear, but to itself or where it is told to: %s%s',
  async (host, more, answer) => {
    const smtpUrl = `${smtp.url.replace('127.0.0.1', host)}${more}`
    const strict = new SmtpMailer({
      ...{ config: { smtpUrl, from: 'tandem@example.com' }, onAttempt, logger: { warn }, isStrict: true },
    })
    onTeardown(() => strict.close())
    const answered = await strict
      .send({ id: 'i', to: 'ada@example.com', subject: 'S', text: 'T', html: 'H' })
      .catch((error: unknown) => error)
    if (typeof answer === 'string') expect(answered).toBe(answer)
    else expect(answered).toMatchObject(answer)
  },
)
