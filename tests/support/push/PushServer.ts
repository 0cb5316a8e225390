import { createECDH, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import ece from 'http_ece'
import type { PushPayload } from '@/contracts/push'
import { onTeardown } from '../teardown'

/** One push that arrived for a browser, opened with the browser's own keys. */
export interface ReceivedPush {
  headers: IncomingHttpHeaders
  bytes: number
  payload: PushPayload
  /** What the signature says, which was checked with the key that it names. */
  vapid: { publicKey: string; aud: string; sub: string; exp: number }
}

/** A browser that has subscribed. */
export interface SubscribedBrowser {
  /** As `PushSubscription.toJSON` writes it. */
  subscription: { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } }
  received: ReceivedPush[]
  /** 201 unless said. */
  answer: (response: ServerResponse) => void
}

interface Keys {
  browser: SubscribedBrowser
  ecdh: ReturnType<typeof createECDH>
}

/** What a browser's maker runs: takes pushes for browsers. This one is the browsers as well, and opens them. */
export class PushServer {
  private readonly browsers = new Map<string, Keys>()

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PushServer> {
    const server = createServer()
    const service = new PushServer(server)
    server.on('request', async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part)
      const known = service.browsers.get(request.url ?? '')
      if (known === undefined) return void response.writeHead(404).end()
      known.browser.received.push(service.opened(request.headers, Buffer.concat(parts), known))
      known.browser.answer(response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTeardown(() => service.stop())
    return service
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` // a TCP server's address is always this
  }

  newBrowser(): SubscribedBrowser {
    const path = `/push/${randomUUID()}`
    const ecdh = createECDH('prime256v1')
    ecdh.generateKeys()
    const keys = { p256dh: ecdh.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') }
    const browser: SubscribedBrowser = {
      subscription: { endpoint: this.origin + path, expirationTime: null, keys },
      received: [],
      answer: (response) => void response.writeHead(201).end(),
    }
    this.browsers.set(path, { browser, ecdh })
    return browser
  }

  private opened(headers: IncomingHttpHeaders, body: Buffer, { browser, ecdh }: Keys): ReceivedPush {
    const text = ece.decrypt(body, {
      version: 'aes128gcm',
      privateKey: ecdh,
      authSecret: browser.subscription.keys.auth,
    })
    return { headers, bytes: body.length, payload: JSON.parse(text.toString()), vapid: this.verified(headers) }
  }

  /** RFC 8292. @throws where it is not signed as it says. */
  private verified({ authorization = '' }: IncomingHttpHeaders): ReceivedPush['vapid'] {
    const [, token = '', publicKey = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? []
    const [head = '', claims = '', signature = ''] = token.split('.')
    const point = Buffer.from(publicKey, 'base64url')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' })
    const signed = Buffer.from(`${head}.${claims}`)
    const isRight = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    if (!isRight) throw new Error(`This is not signed by the key it names: ${authorization}`)
    return { publicKey, ...JSON.parse(Buffer.from(claims, 'base64url').toString()) }
  }

  private async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
