import { expect, test } from 'vitest'
import { isForwardedHttps } from '@/lib/http/strictTransport'

const isHttps = (hops: number, proto?: string) =>
  isForwardedHttps({ headers: proto === undefined ? {} : { 'x-forwarded-proto': proto } }, hops)

test.each([
  ['without a proxy of ours nobody is believed', 0, 'https', false],
  ['one proxy says it', 1, 'https', true],
  ['one proxy says otherwise', 1, 'http', false],
  ['what a client wrote stands to the left of what our proxy added', 1, 'https, http', false],
  ['the outermost of two counts', 2, 'https, http', true],
  ['the outermost of two counts, not what a client wrote before it', 2, 'https, http, http', false],
  ['two proxies of which one replaced what the other wrote', 2, 'https', true],
  ['in capitals', 1, 'HTTPS', true],
  ['nonsense', 1, 'httpsx', false],
  ['nothing in it', 1, '', false],
  ['nothing at all', 1, undefined, false],
])('%s', (_, hops, proto, expected) => expect(isHttps(hops, proto)).toBe(expected))
