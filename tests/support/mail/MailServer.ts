import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { onTeardown } from '../teardown'
import { waitFor } from '../waitFor'

export interface Arrived extends Email {
  /** Whom the envelope names. */
  recipients: string[]
  raw: string
}

/** What a server says when it does not take a mail. */
const refusal = (responseCode: number) => Object.assign(new Error('Not here'), { responseCode })

const tearDown = (server: SMTPServer, sessionId?: string): void => {
  for (const connection of server.connections) {
    if (sessionId === undefined || Reflect.get(connection, 'id') === sessionId) {
      Reflect.get(connection, '_socket')?.destroy()
    }
  }
}

/** Somebody's mail server: keeps what it is sent, and can be told to refuse or to be gone. */
export class MailServer {
  readonly arrived: Arrived[] = []
  /** What came, and nobody was told so. */
  readonly torn: Arrived[] = []
  /** Attempts, taken or not. */
  attempts = 0
  /** What is answered for this recipient; undefined: the mail is taken. */
  refuses: (recipient: string) => number | undefined = () => undefined
  /** What is answered to whoever wants to send, whomever it is for. */
  refusesSenders: number | undefined
  /** Whether the connection is torn down when this recipient's mail has come, as some filters do. */
  tears: (recipient: string) => boolean = () => false
  private server: SMTPServer | undefined
  /** Recipients are answered after this. */
  private held: Promise<void> = Promise.resolve()

  private constructor(private port: number) {}

  static async start(): Promise<MailServer> {
    const server = new MailServer(0)
    await server.open()
    onTeardown(() => server.close())
    return server
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`
  }

  /** At the same port as before. */
  async open(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onMailFrom: (_address, _session, callback) => {
        const code = this.refusesSenders
        if (code !== undefined) this.attempts += 1
        callback(code === undefined ? null : refusal(code))
      },
      onRcptTo: ({ address }, _session, callback) => {
        this.attempts += 1
        const code = this.refuses(address)
        void this.held.then(() => callback(code === undefined ? null : refusal(code)))
      },
      onData: async (stream, session, callback) => {
        const parts: Buffer[] = []
        for await (const part of stream) parts.push(part)
        const raw = Buffer.concat(parts).toString('utf8')
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        const mail = { ...(await PostalMime.parse(raw)), recipients, raw }
        if (recipients.some(this.tears)) {
          this.torn.push(mail)
          return tearDown(server, session.id)
        }
        this.arrived.push(mail)
        callback()
      },
    })
    server.on('error', () => {}) // a client that goes in the middle
    server.listen(this.port, '127.0.0.1')
    await once(server.server, 'listening')
    this.port = (server.server.address() as AddressInfo).port // a TCP server's address is always this
    this.server = server
  }

  /** Nobody is there any more. */
  async close(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (!server) return
    const closed = once(server.server, 'close')
    server.close()
    tearDown(server)
    await closed
  }

  /** From now on nobody is answered, until what this returns is called. */
  hold(): () => void {
    let goOn = () => {}
    this.held = new Promise((resolve) => {
      goOn = resolve
    })
    return goOn
  }

  to(email: string): Arrived[] {
    return this.arrived.filter(({ recipients }) => recipients.includes(email))
  }

  /** Resolves to the mails to this address once there are so many. */
  async waitForMails(email: string, count = 1): Promise<Arrived[]> {
    await waitFor(() => this.to(email).length >= count, { timeoutMs: 20_000 })
    return this.to(email)
  }

  async waitForTorn(email: string): Promise<Arrived[]> {
    const found = () => this.torn.filter(({ recipients }) => recipients.includes(email))
    await waitFor(() => found().length > 0, { timeoutMs: 20_000 })
    return found()
  }
}
