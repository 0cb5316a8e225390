import { describe, expect, it } from 'vitest'
import { namespaces } from '@/contracts/namespaces'
import { ConfigError } from '@/lib/env/ConfigError'
import { parseConfig } from '@/lib/env/parseConfig'
import { vapidKeysOf } from '@/lib/push/vapid'

const secret = 'a-secret-of-more-than-32-characters'
const production = {
  APP_ENV: 'production',
  PUBLIC_URL: 'https://chat.example.com',
  DATABASE_URL: 'postgresql://tandem:pw@db:5432/tandem',
  SERVICE_KEY: secret,
  SESSION_TOKEN_SECRET: secret,
}

const parse = (env: Record<string, string>) => parseConfig(env as unknown as NodeJS.ProcessEnv, '/srv/app') // NODE_ENV is not read

function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    parse(env)
  } catch (error) {
    if (error instanceof ConfigError) return Object.fromEntries(error.faults.map((f) => [f.variable, f.problem]))
    throw error
  }
  return {}
}

describe('an empty environment', () => {
  it('is a complete configuration for a developer', () => {
    expect(parse({})).toEqual({
      appEnv: 'development',
      hosts: ['127.0.0.1', '::1'],
      port: 3000,
      socketPort: 3001,
      publicUrl: 'http://localhost:3000',
      socketPublicUrls: {},
      socketInternalUrls: ['http://127.0.0.1:3001'],
      dataDir: '/srv/app/.data',
      databaseUrl: undefined,
      databaseMigrationUrl: undefined,
      databasePoolSize: 10,
      redisUrls: [],
      serviceKey: undefined,
      serviceKeys: [],
      sessionTokenKeys: undefined,
      allowedOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
      socketNamespaces: [...namespaces],
      trustedProxyHops: 0,
      allowLists: { admin: [], service: [], metrics: [] },
      rateLimits: {
        'chat-messages': { points: 30, seconds: 60 },
        'chat-rooms': { points: 20, seconds: 60 },
        'chat-preferences': { points: 60, seconds: 60 },
        'chat-read': { points: 120, seconds: 60 },
        'chat-sync': { points: 120, seconds: 60 },
        'chat-history': { points: 120, seconds: 60 },
        'chat-edits': { points: 60, seconds: 60 },
        'chat-ping': { points: 120, seconds: 60 },
        'chat-typing': { points: 60, seconds: 60 },
        handshake: { points: 60, seconds: 60 },
        'session-token': { points: 240, seconds: 60 },
        search: { points: 60, seconds: 60 },
        presence: { points: 60, seconds: 60 },
        notifications: { points: 240, seconds: 60 },
        account: { points: 60, seconds: 60 },
        graphql: { points: 240, seconds: 60 },
        admin: { points: 240, seconds: 60 },
        auth: { points: 10, seconds: 60 },
        service: { points: 6000, seconds: 60 },
      },
      connectionLimits: { process: 20_000, perUser: 20, perAddress: 2_000 },
      commandTimeoutMs: 5_000,
      socketCompressionBytes: null,
      auditRetentionDays: 90,
      metricsPublic: false,
      webhooksAllowPrivate: false,
      mail: undefined,
      logLevel: 'info',
      logDir: '/srv/app/logs',
      google: undefined,
      registration: 'open',
      secondFactorForAdmins: false,
    })
  })

  it('is what blank lines of an .env file leave', () => {
    expect(parse({ PORT: '', DATABASE_URL: ' ', SERVICE_KEY: '' })).toEqual(parse({}))
  })
})

describe('addresses', () => {
  it('follow PORT and SOCKET_PORT', () => {
    const config = parse({ PORT: '4000', SOCKET_PORT: '4001' })
    expect(config.publicUrl).toBe('http://localhost:4000')
    expect(config.allowedOrigins).toEqual(['http://localhost:4000', 'http://127.0.0.1:4000'])
    expect(config.socketInternalUrls).toEqual(['http://127.0.0.1:4001'])
  })

  it('allow PUBLIC_URL beside the two local ones', () => {
    expect(parse({ PUBLIC_URL: 'https://chat.example.com/' }).allowedOrigins).toEqual([
      'https://chat.example.com',
      'http://localhost:3000',
      'http://127.0.0.1:3000',
    ])
  })

  it.each(['staging', 'production'])(
    'of an installation that people rely on are none of their own machines: %s',
    (word) => {
      const strict = {
        ...{ APP_ENV: word, DATABASE_URL: 'postgresql://u:p@db/t', PUBLIC_URL: 'https://chat.example.com' },
        ...{ SERVICE_KEY: 'k'.repeat(32), SESSION_TOKEN_SECRET: 's'.repeat(32) },
      }
      expect(parse(strict).allowedOrigins).toEqual(['https://chat.example.com'])
      expect(parse({ ...strict, ALLOWED_ORIGINS: 'http://localhost:3000' }).allowedOrigins).toEqual([
        'http://localhost:3000',
      ])
    },
  )

  it('of the socket may come from either variable, the server-side one first', () => {
    const both = { SOCKET_PUBLIC_URL: 'https://a.example.com', NEXT_PUBLIC_SOCKET_URL: 'https://b.example.com' }
    expect(parse({ NEXT_PUBLIC_SOCKET_URL: 'https://b.example.com' }).socketPublicUrls.any).toBe(
      'https://b.example.com',
    )
    expect(parse(both).socketPublicUrls.any).toBe('https://a.example.com')
  })

  it('of the socket may be one for each namespace that is served apart', () => {
    const apart = parse({ SOCKET_PUBLIC_URL: 'https://a.example.com, notifications=https://b.example.com' })
    expect(apart.socketPublicUrls).toEqual({ any: 'https://a.example.com', '/notifications': 'https://b.example.com' })
    expect(() => parse({ SOCKET_PUBLIC_URL: 'bell=https://b.example.com' })).toThrow('"bell" is no namespace')
  })

  it('of Redis may be several: nodes of a cluster', () => {
    expect(parse({ REDIS_URL: 'redis://a:7000, rediss://b:7001' }).redisUrls).toEqual([
      'redis://a:7000',
      'rediss://b:7001',
    ])
    expect(() => parse({ REDIS_URL: 'redis://a:7000,http://b' })).toThrow('REDIS_URL')
  })

  it('may be several, parted by commas', () => {
    const config = parse({ ALLOWED_ORIGINS: 'https://a.example.com, https://b.example.com:8443' })
    expect(config.allowedOrigins).toEqual(['https://a.example.com', 'https://b.example.com:8443'])
  })

  it('are refused with a path, without a scheme, or of another kind', () => {
    for (const PUBLIC_URL of ['https://example.com/chat', 'example.com', 'ftp://example.com']) {
      expect(faultsOf({ PUBLIC_URL })).toHaveProperty('PUBLIC_URL', expect.stringContaining(PUBLIC_URL))
    }
  })
})

describe('HOST', () => {
  it.each([
    ['localhost', ['127.0.0.1', '::1'], 'http://localhost:3000', 'http://127.0.0.1:3001'],
    ['::', ['::'], 'http://localhost:3000', 'http://127.0.0.1:3001'],
    ['0.0.0.0', ['0.0.0.0'], 'http://localhost:3000', 'http://127.0.0.1:3001'],
    ['192.168.1.5', ['192.168.1.5'], 'http://192.168.1.5:3000', 'http://192.168.1.5:3001'],
    ['[fd00::5]', ['fd00::5'], 'http://[fd00::5]:3000', 'http://[fd00::5]:3001'],
  ])('%s is where both listen, and where they are found', (HOST, hosts, publicUrl, socket) => {
    expect(parse({ HOST })).toMatchObject({ hosts, publicUrl, socketInternalUrls: [socket] })
  })

  it.each(['my-laptop', '192.168.1', '*', 'http://127.0.0.1'])('is not %s', (HOST) => {
    expect(faultsOf({ HOST })).toEqual({
      HOST: `"${HOST}" is not an IP address of this machine. Write :: for all of them.`,
    })
  })
})

describe('rate limits', () => {
  it('are points a number of seconds, or off', () => {
    const { rateLimits } = parse({ RATE_LIMIT_CHAT_MESSAGES: 'off', RATE_LIMIT_CHAT_ROOMS: '5/10' })
    expect(rateLimits['chat-messages']).toBeNull()
    expect(rateLimits['chat-rooms']).toEqual({ points: 5, seconds: 10 })
  })

  it.each(['30', '0/60', '30/0', '-1/60', '30/60/1', 'none'])('are not %j', (RATE_LIMIT_AUTH) => {
    expect(faultsOf({ RATE_LIMIT_AUTH })).toHaveProperty('RATE_LIMIT_AUTH', expect.stringContaining('30/60'))
  })
})

describe('faults', () => {
  it('are told all at once, one line each, in one error', () => {
    const env = {
      PORT: 'abc',
      SOCKET_PORT: '70000',
      LOG_LEVEL: 'loud',
      SOCKET_NAMESPACES: 'chat,news',
      METRICS_PUBLIC: 'x',
    }
    expect(Object.keys(faultsOf(env))).toEqual([
      'PORT',
      'SOCKET_PORT',
      'SOCKET_NAMESPACES',
      'METRICS_PUBLIC',
      'LOG_LEVEL',
    ])
    expect(() => parse(env)).toThrow(/\n {2}PORT: "abc" is not a whole number from 1 to 65535\.\n/)
  })

  it('never repeat what may be secret', () => {
    const env = { DATABASE_URL: 'mysql://root:hunter2@db/x', SERVICE_KEY: 'hunter2' }
    expect(Object.keys(faultsOf(env))).toEqual(['DATABASE_URL', 'SERVICE_KEY'])
    expect(() => parse(env)).not.toThrow(/hunter2/)
  })

  it('include two processes on one port', () => {
    expect(faultsOf({ PORT: '3001' })).toHaveProperty('SOCKET_PORT')
  })

  it('that the keys of push notifications are no keys, or of two pairs', () => {
    const [one, other] = [1, 2].map((fill) => vapidKeysOf(Buffer.alloc(32, fill).toString('base64url')))
    const keys = { VAPID_PUBLIC_KEY: one?.publicKey ?? '', VAPID_PRIVATE_KEY: one?.privateKey ?? '' }
    expect(parse(keys).vapid).toEqual(one)
    expect(parse({ VAPID_PRIVATE_KEY: keys.VAPID_PRIVATE_KEY }).vapid).toEqual(one)
    expect(faultsOf({ ...keys, VAPID_PUBLIC_KEY: other?.publicKey ?? '' })).toHaveProperty('VAPID_PUBLIC_KEY')
    expect(faultsOf({ VAPID_PUBLIC_KEY: keys.VAPID_PUBLIC_KEY })).toHaveProperty('VAPID_PUBLIC_KEY')
    expect(faultsOf({ VAPID_PRIVATE_KEY: 'short' })).toHaveProperty('VAPID_PRIVATE_KEY')
  })

  it('include half of a Google sign-in', () => {
    expect(faultsOf({ GOOGLE_CLIENT_ID: 'x' })).toHaveProperty('GOOGLE_CLIENT_SECRET')
  })

  it('include half of what e-mail needs, and a sender that is none', () => {
    const SMTP_URL = 'smtp://ada:hunter2@mail.example.com'
    expect(faultsOf({ SMTP_URL })).toEqual({ MAIL_FROM: 'It is missing, though SMTP_URL is set.' })
    expect(faultsOf({ MAIL_FROM: 'tandem@example.com' })).toHaveProperty('SMTP_URL')
    expect(faultsOf({ SMTP_URL: 'mail.example.com', MAIL_FROM: 'tandem@example.com' })).toHaveProperty('SMTP_URL')
    for (const MAIL_FROM of [
      'Tandem',
      'Tandem <tandem>',
      'a@example.com, b@example.com',
      'Tandem\nBcc: <a@example.com>',
    ]) {
      expect(faultsOf({ SMTP_URL, MAIL_FROM })).toHaveProperty('MAIL_FROM')
    }
    expect(parse({ SMTP_URL, MAIL_FROM: 'Tandem <tandem@example.com>' }).mail).toEqual({
      smtpUrl: SMTP_URL,
      from: 'Tandem <tandem@example.com>',
    })
  })
})

describe('APP_ENV', () => {
  it.each(['prod', 'Production', 'prodution', 'live', 'bench'])('is no other word: %s', (APP_ENV) => {
    expect(faultsOf({ APP_ENV })).toEqual({
      APP_ENV: `"${APP_ENV}" is none of development, test, staging and production.`,
    })
  })

  it.each(['development', 'test'])('%s asks for nothing', (appEnv) => {
    expect(parse({ APP_ENV: appEnv })).toMatchObject({ appEnv })
  })
})

describe.each(['staging', 'production'])('APP_ENV=%s', (appEnv) => {
  const strict = { ...production, APP_ENV: appEnv }

  it('starts with secrets, a database and an https address', () => {
    expect(parse(strict)).toMatchObject({ appEnv, publicUrl: 'https://chat.example.com' })
  })

  it('refuses to start without any of them, naming all that is missing', () => {
    expect(Object.keys(faultsOf({ APP_ENV: appEnv })).sort()).toEqual([
      'DATABASE_URL',
      'PUBLIC_URL',
      'SERVICE_KEY',
      'SESSION_TOKEN_SECRET',
    ])
  })

  it('asks for invites and second factors, unless it is told otherwise', () => {
    expect(parse(strict)).toMatchObject({ registration: 'invite', secondFactorForAdmins: true })
    expect(parse({ ...strict, REGISTRATION: 'open', SECOND_FACTOR_ADMINS: 'optional' })).toMatchObject({
      registration: 'open',
      secondFactorForAdmins: false,
    })
    expect(faultsOf({ ...strict, REGISTRATION: 'everybody', SECOND_FACTOR_ADMINS: 'yes' })).toEqual({
      REGISTRATION: 'There are open, invite and closed.',
      SECOND_FACTOR_ADMINS: 'There are required and optional.',
    })
  })

  it('takes no identity provider over plain http', () => {
    expect(faultsOf({ ...strict, GOOGLE_ISSUER: 'http://accounts.example' })).toHaveProperty('GOOGLE_ISSUER')
    expect(faultsOf({ ...strict, WEBHOOKS_ALLOW_PRIVATE: 'true' })).toHaveProperty('WEBHOOKS_ALLOW_PRIVATE')
  })

  it('refuses plain http', () => {
    expect(faultsOf({ ...strict, PUBLIC_URL: 'http://chat.example.com' })).toHaveProperty('PUBLIC_URL')
  })
})

describe('the ring of keys', () => {
  const [one, other] = ['a'.repeat(32), `b:${'b'.repeat(32)}`]

  it('takes the place of the single secret; the first key signs', () => {
    const { sessionTokenKeys } = parse({
      SESSION_TOKEN_SECRETS: `2026-11:${one}, default:${other}`,
      SESSION_TOKEN_SECRET: 'c'.repeat(32),
    })
    expect(sessionTokenKeys).toEqual([
      { kid: '2026-11', secret: one },
      { kid: 'default', secret: other },
    ])
  })

  it.each([
    [one, /Key 1 has no name/],
    [`new:${one},short:secret`, /The secret of "short" is too short/],
    [`new:${one},new:${other}`, /two keys of the name "new"/],
    [',', /There is no key in it/],
  ])('%s is refused, without repeating a secret', (SESSION_TOKEN_SECRETS, sentence) => {
    const fault = () => parse({ SESSION_TOKEN_SECRETS })
    expect(fault).toThrow(sentence)
    expect(fault).not.toThrow(/a{32}|b{32}/)
  })
})

it('messages are compressed where it is said from how many bytes on', () => {
  expect(parse({ SOCKET_COMPRESSION: '1024' }).socketCompressionBytes).toBe(1_024)
  expect(parse({ SOCKET_COMPRESSION: 'off' }).socketCompressionBytes).toBeNull()
  expect(() => parse({ SOCKET_COMPRESSION: 'on' })).toThrow(/SOCKET_COMPRESSION: "on" is neither off nor the bytes/)
})

it('connections are limited by numbers, or not at all', () => {
  expect(parse({ MAX_CONNECTIONS: 'off', MAX_CONNECTIONS_PER_USER: '3' }).connectionLimits).toEqual({
    process: null,
    perUser: 3,
    perAddress: 2_000,
  })
  for (const value of ['0', '-1', 'many', '1.5']) {
    expect(() => parse({ MAX_CONNECTIONS_PER_ADDRESS: value })).toThrow(/neither a number from 1 nor off/)
  }
})

describe('the keys of services', () => {
  const key = (letter: string) => letter.repeat(32)

  it('have a name and scopes; one name may have two, to change from one to the other', () => {
    const text = `billing:${key('a')}:notify+presence,billing:${key('b')}:notify, prometheus:${key('c')}:metrics`
    expect(parse({ SERVICE_KEYS: text }).serviceKeys).toEqual([
      { name: 'billing', key: key('a'), scopes: ['notify', 'presence'] },
      { name: 'billing', key: key('b'), scopes: ['notify'] },
      { name: 'prometheus', key: key('c'), scopes: ['metrics'] },
    ])
  })

  it.each([
    ['billing', 'is not written like'],
    [`Billing:${key('a')}:notify`, 'is not written like'],
    [`billing:${key('a')}:notify:more`, 'is not written like'],
    ['billing:short:notify', 'at least 32 characters'],
    [`billing:${key('a')}`, 'the scopes are notify, presence, metrics, admin, webhooks'],
    [`billing:${key('a')}:notify+everything`, 'the scopes are'],
    [`system:${key('a')}:notify`, 'means somebody else in logs'],
    [`a:${key('a')}:notify,b:${key('a')}:notify`, 'repeats a key'],
    [`a:${key('a')}:notify,a:${key('b')}:notify,a:${key('c')}:notify`, 'more than two keys'],
  ])('%s is refused, and no key is repeated in the complaint', (text, complaint) => {
    expect(() => parse({ SERVICE_KEYS: text })).toThrow(complaint)
    expect(() => parse({ SERVICE_KEYS: text })).not.toThrow(/aaaa|short/)
  })
})

describe('a service’s key that is one of ours as well', () => {
  const key = 'a'.repeat(32)

  it.each([
    [{ SERVICE_KEY: key }, 'is SERVICE_KEY as well'],
    [{ SESSION_TOKEN_SECRET: key }, 'is a secret of session tokens as well'],
    [{ SESSION_TOKEN_SECRETS: `new:${'b'.repeat(32)},old:${key}` }, 'is a secret of session tokens as well'],
  ])('is refused without repeating it: %o', (ours, complaint) => {
    const fault = () => parse({ SERVICE_KEYS: `billing:${key}:notify`, ...ours })
    expect(fault).toThrow(`The key of "billing" ${complaint}`)
    expect(fault).not.toThrow(/aaaa/)
  })
})

describe('lists of addresses', () => {
  it('hold networks and single addresses', () => {
    const { allowLists } = parse({ ADMIN_ALLOWED_IPS: '10.0.0.0/8, 2001:db8::/32', METRICS_ALLOWED_IPS: '192.0.2.7' })
    expect(allowLists.admin.map(([, bits]) => bits)).toEqual([8, 32])
    expect(allowLists.metrics.map(([address, bits]) => `${address}/${bits}`)).toEqual(['192.0.2.7/32'])
    expect(allowLists.service).toEqual([])
  })

  it.each(['10.0.0.0/33', '10.0.0/8', '0x7f.1', '2001:db8::/129', 'office', '10.0.0.0/8/8', '10.0.0.0/-1'])(
    'take no %s',
    (text) => {
      expect(() => parse({ SERVICE_ALLOWED_IPS: text })).toThrow('is no address and no network')
    },
  )
})
