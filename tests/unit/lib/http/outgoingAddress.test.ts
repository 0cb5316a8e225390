import { expect, test } from 'vitest'
import { isPublicAddress, refusalOf } from '@/lib/http/outgoingAddress'

const strict = { allowPrivate: false, httpsOnly: true }

test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
  '%s is of the internet',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each([
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1'],
  ...['169.254.169.254', '224.0.0.1', '255.255.255.255', '240.0.0.1', '198.18.0.1', '192.0.2.1'],
  ...['::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
  ...['::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2001::1', '2001:db8::1', 'fec0::1'],
  ...['not an address', ''],
])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

test.each([
  ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.1/'],
  ...[
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://localhost/',
    'https://LOCALHOST/',
  ],
  ...[
    'https://a.localhost:8443/x',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.0.1:9200/',
    'https://0/',
  ],
])('%s is refused, however it is written', (url) => {
  expect(refusalOf(url, strict)).toMatch(/private network/)
  expect(refusalOf(url, { ...strict, allowPrivate: true })).toBeNull()
})

test('an installation that people rely on tells only over https', () => {
  expect(refusalOf('http://example.com/', strict)).toMatch(/https/)
  expect(refusalOf('http://example.com/', { ...strict, httpsOnly: false })).toBeNull()
  expect(refusalOf('https://example.com/hook?of=tandem', strict)).toBeNull()
  expect(refusalOf('nowhere', strict)).toBe('This is no address.')
})
